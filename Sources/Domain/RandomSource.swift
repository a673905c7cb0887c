/// Where chance comes from. Only `vestnik/` makes the real one; tests and the simulator give a seed.
package struct RandomSource: Sendable {
    private let next: @Sendable () -> UInt64
    package init(next: @escaping @Sendable () -> UInt64) { self.next = next }

    /// 0 ..< 1, evenly.
    package func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }
}
