/// Amounts as Kubernetes and nginx write them.
enum Quantity {
    /// Kubernetes, "Resource units": cores, down to thousandths, or thousandths with `m`.
    static func cpu(_ text: String) -> Format.Verdict {
        let (digits, unit) = split(text)
        guard let amount = number(digits) else { return .wrong(nil) }
        switch unit {
        case "": if amount.decimals > 3 { return .wrong("the smallest step is 0.001") }
        case "m": if amount.decimals > 0 { return .wrong("thousandths are whole numbers") }
        default: return .wrong("1000 thousandths (`m`) are one processor")
        }
        return amount.isZero ? .wrong("it must be more than nothing") : .right
    }

    /// Kubernetes, "Resource units": bytes, with a decimal (`M`) or binary (`Mi`) prefix.
    static func memory(_ text: String) -> Format.Verdict {
        let (digits, unit) = split(text)
        guard let amount = number(digits) else { return .wrong(nil) }
        if amount.isZero { return .wrong("it must be more than nothing") }
        if ["Ki", "Mi", "Gi", "Ti", "k", "M", "G", "T"].contains(unit) { return .right }
        if unit.isEmpty {
            // Up to six digits are less than a megabyte: a forgotten unit.
            return digits.count > 6 && amount.decimals == 0
                ? .right : .wrong("did you mean \"\(digits)Mi\"?")
        }
        return .wrong(advice(digits, unit))
    }

    /// nginx, "Configuration file measurement units": bytes, or with `k`, `m` or `g`.
    static func bodySize(_ text: String) -> Format.Verdict {
        let (digits, unit) = split(text)
        guard let amount = number(digits), amount.decimals == 0 else { return .wrong(nil) }
        guard ["", "k", "m", "g"].contains(unit.lowercased()) else { return .wrong("the units are k, m and g") }
        // Any amount that still fits 64 bits as bytes.
        return unit.isEmpty || digits.count <= 9 ? .right : .wrong("no request is that large")
    }

    /// How many bytes a body size stands for; nil for a wrong one.
    static func bytes(_ text: String) -> Int? {
        guard bodySize(text) == .right else { return nil }
        let (digits, unit) = split(text)
        let factors = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
        return Int(digits).map { $0 * (factors[unit.lowercased()] ?? 1) }
    }

    /// Units that people write out of habit. `100m` would be a tenth of a byte.
    private static func advice(_ digits: String, _ unit: String) -> String {
        switch unit.lowercased() {
        case "m", "mb", "mib": "did you mean \"\(digits)Mi\"?"
        case "g", "gb", "gib": "did you mean \"\(digits)Gi\"?"
        case "k", "kb", "kib": "did you mean \"\(digits)Ki\"?"
        default: "the units are Ki, Mi, Gi, k, M and G"
        }
    }

    private static func split(_ text: String) -> (digits: String, unit: String) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        return (String(digits), String(text.dropFirst(digits.count)))
    }

    /// Digits with at most one point between them; nil for anything else, and for amounts
    /// beyond `maxDigits`, which no cluster has.
    private static func number(_ text: String) -> (isZero: Bool, decimals: Int)? {
        let maxDigits = 15
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }),
            text.utf8.count <= maxDigits
        else { return nil }
        return (text.allSatisfy { $0 == "0" || $0 == "." }, parts.count == 2 ? parts[1].count : 0)
    }
}
