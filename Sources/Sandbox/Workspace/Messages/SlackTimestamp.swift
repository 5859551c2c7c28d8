/// The `ts` of a message: seconds since 1970, a point, six digits.
enum SlackTimestamp {
    static func text(_ microseconds: Int64) -> String {
        let fraction = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
    }

    /// Nil for what is no `ts`.
    static func microseconds(_ timestamp: String) -> Int64? {
        let halves = timestamp.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count == 2, halves[1].count == 6, halves.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
            let seconds = Int64(halves[0]), seconds < 1 << 40, let rest = Int64(halves[1])
        else { return nil }
        return seconds * 1_000_000 + rest
    }

    /// Bounds of a search may also be whole seconds, or have fewer digits behind the point.
    static func bound(_ text: String) -> Int64? {
        if let exact = microseconds(text) { return exact }
        guard let seconds = Double(text), (0..<Double(1 << 40)).contains(seconds) else { return nil }
        return Int64(seconds * 1_000_000)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
