import Foundation
import Synchronization

/// An amount of CPU, memory and the like, `500m`, `1.5Gi`, `2e3`, without rounding: it is written back
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).
struct ExactQuantity: Sendable {
    let value: Decimal
    private let family: Family

    private enum Family { case binary, decimal, exponent }

    static let sentence =
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

    private static let decimalSuffixes = [
        ("E", 18), ("P", 15), ("T", 12), ("G", 9), ("M", 6), ("k", 3), ("", 0), ("m", -3), ("u", -6),
        ("n", -9),
    ]
    private static let binarySuffixes = ["Ei": 6, "Pi": 5, "Ti": 4, "Gi": 3, "Mi": 2, "Ki": 1]
    /// More digits than any amount needs; `Decimal` keeps 38.
    private static let maxDigits = 30

    init?(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
        let digits = number.hasPrefix("+") || number.hasPrefix("-") ? number.dropFirst() : number
        let suffix = String(text.dropFirst(number.count))
        guard !digits.isEmpty, digits != ".", digits.count <= Self.maxDigits, !digits.contains("+"),
            !digits.contains("-"), digits.filter({ $0 == "." }).count <= 1,
            let value = Decimal(string: String(number), locale: Locale(identifier: "en_US_POSIX"))
        else { return nil }
        if let power = Self.binarySuffixes[suffix] {
            self.value = value * pow(Decimal(1024), power)
            family = .binary
        } else if let power = Self.decimalSuffixes.first(where: { $0.0 == suffix })?.1 {
            self.value = Self.scale(value, power)
            family = .decimal
        } else if let mark = suffix.first, "eE".contains(mark), let power = Int(suffix.dropFirst()),
            (-30...30).contains(power)
        {
            self.value = Self.scale(value, power)
            family = .exponent
        } else {
            return nil
        }
    }

    private init(value: Decimal, family: Family) {
        self.value = value
        self.family = family
    }

    /// Another amount, to be written in the same way.
    func with(_ value: Decimal) -> ExactQuantity { ExactQuantity(value: value, family: family) }

    private static func scale(_ value: Decimal, _ power: Int) -> Decimal {
        power >= 0 ? value * pow(Decimal(10), power) : value / pow(Decimal(10), -power)
    }

    /// The canonical form of a text; nil when it is no quantity. The same few amounts come again and again.
    static func canonical(_ text: String) -> String? {
        if let known = known.withLock({ $0[text] }) { return known }
        guard let form = ExactQuantity(text)?.canonical else { return nil }
        known.withLock { known in
            if known.count >= maxKnown { known = [:] }
            known[text] = form
        }
        return form
    }

    private static let known = Mutex<[String: String]>([:])
    private static let maxKnown = 1_000

    /// The shortest form with a whole number: `0.5` is `500m`, `1024Mi` is `1Gi`.
    var canonical: String {
        if value == 0 { return "0" }
        if family == .binary, Self.isWhole(value) {
            let best = Self.binarySuffixes.sorted { $0.value > $1.value }
                .first { Self.isWhole(value / pow(Decimal(1024), $0.value)) }
            guard let best else { return "\(value)" }
            return "\(value / pow(Decimal(1024), best.value))\(best.key)"
        }
        let best = Self.decimalSuffixes.first { Self.isWhole(Self.scale(value, -$0.1)) }
        guard let best else { return "\(value)" }
        if family == .exponent, best.1 != 0 { return "\(Self.scale(value, -best.1))e\(best.1)" }
        return "\(Self.scale(value, -best.1))\(best.0)"
    }

    private static func isWhole(_ value: Decimal) -> Bool {
        var rounded = Decimal()
        var value = value
        NSDecimalRound(&rounded, &value, 0, .plain)
        return rounded == value
    }
}
