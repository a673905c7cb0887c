/// How long one connection may take for each part of a request.
package struct ConnectionLimits: Sendable, Hashable {
    /// From the first byte that could be sent to the end of the head.
    package var head = Duration.seconds(20)
    /// From the end of the head to the end of the body.
    package var body = Duration.seconds(30)
    /// The same for bodies that are read as they come.
    package var longBody = Duration.seconds(600)
    /// From the end of the request to the first byte of our answer.
    package var answer = Duration.seconds(60)
    package init() {}
}
