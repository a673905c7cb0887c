package import Hummingbird

/// What belongs to one request besides itself: where it came from. Headers of proxies are not asked: anybody writes them.
package struct CallContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Nil for a caller without an IP address.
    package let address: String?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress
    }
}
