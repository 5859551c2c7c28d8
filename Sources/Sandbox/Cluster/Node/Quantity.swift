/// A Kubernetes resource quantity: `500m`, `64Mi`, `1.5G`, `2e3`
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
struct Quantity: Sendable, Equatable {
    let value: Double

    private static let suffixes: [(text: String, factor: Double)] = [
        ("Ki", 0x1p10), ("Mi", 0x1p20), ("Gi", 0x1p30), ("Ti", 0x1p40), ("Pi", 0x1p50), ("Ei", 0x1p60),
        ("n", 1e-9), ("u", 1e-6), ("m", 1e-3), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15),
        ("E", 1e18),
    ]

    /// Nil for what is no quantity.
    init?(_ text: String) {
        let suffix = Self.suffixes.first { text.hasSuffix($0.text) }
        let digits = suffix.map { String(text.dropLast($0.text.count)) } ?? text
        guard let number = Double(digits), number.isFinite else { return nil }
        value = number * (suffix?.factor ?? 1)
    }

    /// Whole units, rounded up: bytes of memory, say.
    var units: Int { Int(exactly: value.rounded(.up)) ?? .max }
}
