import Foundation

/// The few shapes that names have, checked byte by byte: names come from outside, and a regular expression
/// may take very long over a hostile one.
extension String {
    func isMade(of allowed: (UInt8) -> Bool) -> Bool { !isEmpty && utf8.allSatisfy(allowed) }

    /// Allowed bytes, the first and the last of them alphanumeric.
    func isName(of allowed: (UInt8) -> Bool) -> Bool {
        guard let first = utf8.first, let last = utf8.last else { return false }
        return first.isAlphanumeric && last.isAlphanumeric && utf8.allSatisfy(allowed)
    }

    var isLabelName: Bool { isName { $0.isLowerAlphanumeric || $0 == 0x2D } }

    var isSubdomainName: Bool {
        split(separator: ".", omittingEmptySubsequences: false).allSatisfy { String($0).isLabelName }
    }

    var isPlainName: Bool { isName { $0.isAlphanumeric || [0x2D, 0x2E, 0x5F].contains($0) } }

    /// `1h30m`: up to four numbers of up to five digits with their units.
    var isGatewayDuration: Bool {
        var parts = 0
        var rest = self[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard (1...5).contains(digits.count),
                let unit = ["ms", "h", "m", "s"].first(where: { rest.hasPrefix($0) })
            else { return false }
            rest = rest.dropFirst(unit.count)
            parts += 1
        }
        return (1...4).contains(parts)
    }

    /// `0`, or numbers with the units y, w, d, h, m, s and ms in that order.
    var isPrometheusDuration: Bool {
        if self == "0" { return true }
        var units = ["y", "w", "d", "h", "m", "s", "ms"][...]
        var rest = self[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            guard !digits.isEmpty, let place = units.firstIndex(of: String(unit)) else { return false }
            rest = rest.dropFirst(unit.count)
            units = units[(place + 1)...]
        }
        return true
    }

    /// `10.9.8.0/24`, `2001:db8::/64`.
    var isCIDR: Bool {
        let parts = split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let bits = Int(parts[1]), parts[1].isMade(of: \.isDigit) else { return false }
        var (v4, v6) = (in_addr(), in6_addr())
        return (inet_pton(AF_INET, parts[0], &v4) == 1 && bits <= 32)
            || (inet_pton(AF_INET6, parts[0], &v6) == 1 && bits <= 128)
    }

    /// RFC 3339 with exactly six digits of a second, as `metav1.MicroTime` is read.
    var isMicroTime: Bool {
        guard let dot = firstIndex(of: "."), let zone = self[dot...].firstIndex(where: { "Z+-".contains($0) })
        else { return false }
        let digits = self[index(after: dot)..<zone]
        return digits.count == 6 && String(digits).isMade(of: \.isDigit)
            && (try? Date(String(self[..<dot] + self[zone...]), strategy: .iso8601)) != nil
    }

    /// What Go's `time.ParseDuration` takes, without a sign: `1h30m`, `1.5s`.
    var isGoDuration: Bool {
        if self == "0" { return true }
        var rest = self[...]
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            guard Double(number) != nil,
                let unit = ["ns", "us", "ms", "s", "m", "h"].first(where: { rest.hasPrefix($0) })
            else { return false }
            rest = rest.dropFirst(unit.count)
        }
        return !isEmpty
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLowerLetter: Bool { (0x61...0x7A).contains(self) }
    var isLowerAlphanumeric: Bool { isDigit || isLowerLetter }
    var isAlphanumeric: Bool { isLowerAlphanumeric || (0x41...0x5A).contains(self) }
}
