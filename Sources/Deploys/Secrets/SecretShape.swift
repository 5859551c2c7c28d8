/// What tokens look like, wherever they come from. Prefixes are those that their issuers publish for secret scanners.
enum SecretShape {
    /// Of a secret that begins at `index`: what to hide, counted from there, so that its prefix can stay.
    static func secret(at index: Int, of bytes: [UInt8]) -> Range<Int>? {
        switch bytes[index] {
        case UInt8(ascii: "-"): return privateKey(at: index, bytes)
        case UInt8(ascii: ":"): return URLPassword.find(at: index, bytes)
        case UInt8(ascii: "="): return assigned(at: index, bytes)
        default: break
        }
        guard index == 0 || !isWord(bytes[index - 1]) else { return nil }
        if let length = issued(at: index, bytes) { return 0..<length }
        return webToken(at: index, bytes) ?? authorization(at: index, bytes)
    }

    private struct Prefix {
        let bytes: [UInt8]
        /// How many characters follow at least.
        let minCount: Int
        init(_ text: String, _ minCount: Int) {
            bytes = Array(text.utf8)
            self.minCount = minCount
        }
    }

    private static let prefixes = [
        // Slack: docs.slack.dev, "Token types".
        Prefix("xoxb-", 10), Prefix("xoxp-", 10), Prefix("xoxa-", 10), Prefix("xoxr-", 10), Prefix("xoxs-", 10),
        Prefix("xoxe-", 10), Prefix("xoxe.", 10), Prefix("xapp-", 10),
        // GitHub: docs.github.com, "GitHub's token formats".
        Prefix("ghp_", 30), Prefix("gho_", 30), Prefix("ghu_", 30), Prefix("ghs_", 30), Prefix("ghr_", 30),
        Prefix("github_pat_", 20),
        // GitLab, npm, PyPI, Docker Hub.
        Prefix("glpat-", 20), Prefix("npm_", 36), Prefix("pypi-", 50), Prefix("dckr_pat_", 20),
        // Amazon, Google, Stripe, and others that write sk-.
        Prefix("AKIA", 16), Prefix("ASIA", 16), Prefix("AIza", 35), Prefix("ya29.", 20),
        Prefix("sk_live_", 16), Prefix("rk_live_", 16), Prefix("sk-", 32),
        // age, and nkeys of NATS (seeds of users, accounts and operators).
        Prefix("AGE-SECRET-KEY-1", 50), Prefix("SUA", 55), Prefix("SAA", 55), Prefix("SOA", 55),
    ]

    /// By their first byte.
    private static let prefixTable: [[Prefix]] = (0...255).map { byte in
        prefixes.filter { $0.bytes[0] == UInt8(byte) }
    }

    /// Whether a secret, or what leads to it, can begin with a byte: most bytes of most texts can't.
    static let mayBegin: [Bool] = (0...255).map { byte in
        !prefixTable[byte].isEmpty || "-:=eBb".utf8.contains(UInt8(byte))
    }

    private static func issued(at index: Int, _ bytes: [UInt8]) -> Int? {
        let candidates = prefixTable[Int(bytes[index])]
        guard !candidates.isEmpty else { return nil }
        guard let prefix = candidates.first(where: { begins($0.bytes, at: index, of: bytes) }) else { return nil }
        let count = bytes[(index + prefix.bytes.count)...].prefix(while: isToken).count
        return count >= prefix.minCount ? prefix.bytes.count + count : nil
    }

    private static let webTokenStart = Array("eyJ".utf8)

    /// `eyJ….eyJ….…` (RFC 7519): JSON objects in base64url begin like that.
    private static func webToken(at index: Int, _ bytes: [UInt8]) -> Range<Int>? {
        guard begins(webTokenStart, at: index, of: bytes) else { return nil }
        let header = bytes[index...].prefix(while: isBase64URL)
        guard header.count > 12 else { return nil }
        let second = bytes[header.endIndex...]
        guard second.first == UInt8(ascii: "."), second.dropFirst().starts(with: webTokenStart) else { return nil }
        let rest = second.dropFirst().prefix { isBase64URL($0) || $0 == UInt8(ascii: ".") }
        return 0..<(rest.endIndex - index)
    }

    private static let schemes = ["Bearer ", "bearer ", "Basic ", "basic "].map { Array($0.utf8) }

    /// `Bearer …` and `Basic …`, as in an Authorization field (RFC 9110, section 11.4).
    private static func authorization(at index: Int, _ bytes: [UInt8]) -> Range<Int>? {
        guard bytes[index] | 0x20 == UInt8(ascii: "b") else { return nil }
        for scheme in schemes where begins(scheme, at: index, of: bytes) {
            let value = bytes[(index + scheme.count)...].prefix { isToken($0) || "+/=~.".utf8.contains($0) }
            let hasDigit = value.contains { (0x30...0x39).contains($0) }
            // Words such as `Basic authentication` are none.
            guard value.count >= 16, hasDigit else { return nil }
            return scheme.count..<(value.endIndex - index)
        }
        return nil
    }

    /// `DB_PASSWORD=…`: a variable whose name says what it holds.
    private static func assigned(at index: Int, _ bytes: [UInt8]) -> Range<Int>? {
        let name = bytes[..<index].reversed().prefix { isUpperWord($0) }.reversed()
        guard name.count >= 4, isSecretName(String(decoding: name, as: UTF8.self)) else { return nil }
        var value = bytes[(index + 1)...]
        var quote: UInt8?
        if let first = value.first, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            quote = first
            value = value.dropFirst()
        }
        let hidden = value.prefix { quote == nil ? !isSpace($0) : $0 != quote && $0 != UInt8(ascii: "\n") }
        // A reference to another variable tells nothing.
        guard hidden.count >= 6, hidden.first != UInt8(ascii: "$") else { return nil }
        return (hidden.startIndex - index)..<(hidden.endIndex - index)
    }

    private static func isSecretName(_ name: String) -> Bool {
        ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY"].contains {
            name.contains($0)
        }
    }

    /// From `-----BEGIN … PRIVATE KEY-----` (RFC 7468) to its end, or to the end of the text.
    private static func privateKey(at index: Int, _ bytes: [UInt8]) -> Range<Int>? {
        guard begins(PrivateKeyLines.begin, at: index, of: bytes) else { return nil }
        let line = bytes[index...].prefix { $0 != UInt8(ascii: "\n") }
        guard PrivateKeyLines.begins(String(decoding: line, as: UTF8.self)) else { return nil }
        let end = bytes.withUnsafeBytes { PrivateKeyLines.find(PrivateKeyLines.end, in: $0, from: index) }
        guard let end else { return 0..<(bytes.count - index) }
        let last = bytes[end...].prefix { $0 != UInt8(ascii: "\n") }
        return 0..<(last.endIndex - index)
    }

    private static func begins(_ words: [UInt8], at index: Int, of bytes: [UInt8]) -> Bool {
        guard bytes.count - index >= words.count else { return false }
        var place = 0
        while place < words.count, bytes[index + place] == words[place] { place += 1 }
        return place == words.count
    }

    static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }
    private static func isToken(_ byte: UInt8) -> Bool { isBase64URL(byte) || byte == UInt8(ascii: ".") }
    private static func isBase64URL(_ byte: UInt8) -> Bool { isWord(byte) || byte == UInt8(ascii: "-") }
    private static func isUpperWord(_ byte: UInt8) -> Bool { isWord(byte) && !(0x61...0x7A).contains(byte) }
    private static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

/// The password of `scheme://user:password@host` (RFC 3986, section 3.2.1).
enum URLPassword {
    /// No password is longer.
    private static let maxBytes = 1_000

    /// - Parameter index: of a colon.
    static func find(at index: Int, _ bytes: [UInt8]) -> Range<Int>? {
        let after = bytes[(index + 1)...].prefix(maxBytes)
        if after.starts(with: "//".utf8) { return nil }
        let password = after.prefix { !isEnd($0) && $0 != UInt8(ascii: "@") }
        guard !password.isEmpty, password.endIndex < bytes.count, bytes[password.endIndex] == UInt8(ascii: "@") else {
            return nil
        }
        let user = bytes[..<index].suffix(maxBytes).reversed().prefix { !isEnd($0) }
        guard bytes[..<(index - user.count)].suffix(3).elementsEqual("://".utf8) else { return nil }
        return 1..<(password.endIndex - index)
    }

    private static func isEnd(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
            || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
    }
}
