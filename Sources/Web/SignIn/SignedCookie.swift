import Crypto
import Foundation
import HTTP

/// A cookie that only we can make, and that ends (RFC 6265): `{until}.{fields in hexadecimal}.{code}`.
struct SignedCookie: Sendable {
    /// Without the prefix that browsers keep for cookies over HTTPS.
    let name: String
    let maxAgeSeconds: TimeInterval
    private let key: HMACKey
    private let isSecure: Bool

    /// More than one of ours has.
    private static let maxBytes = 4_096

    init(_ name: String, secret: String, maxAgeSeconds: TimeInterval, isSecure: Bool) {
        self.name = (isSecure ? "__Host-" : "") + name
        self.maxAgeSeconds = maxAgeSeconds
        self.isSecure = isSecure
        key = HMACKey(Array("\(name):\(secret)".utf8))
    }

    /// The value of a Set-Cookie field.
    func setting(_ fields: [String], at now: Date) -> String {
        let until = Int64(now.timeIntervalSince1970 + maxAgeSeconds)
        let text = fields.map { hex(Array($0.utf8)) }.joined(separator: "-")
        let content = "\(until).\(text)"
        return "\(name)=\(content).\(code(content)); Max-Age=\(Int(maxAgeSeconds)); \(attributes)"
    }

    /// Takes it away.
    var removal: String { "\(name)=; Max-Age=0; \(attributes)" }

    /// SameSite=Lax: it comes along when somebody follows a link from Slack, and with nothing that another site does.
    private var attributes: String { "Path=/; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "") }

    /// What a request brings back; nil when it is missing, was not made here, or is over.
    func fields(_ request: HTTPRequest, at now: Date) -> [String]? {
        for field in request.headers.all("Cookie") where field.utf8.count <= 4 * Self.maxBytes {
            for pair in field.split(separator: ";") {
                let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard halves.count == 2, halves[0].trimmingCharacters(in: .whitespaces) == name else { continue }
                if let fields = fields(halves[1].trimmingCharacters(in: .whitespaces), at: now) { return fields }
            }
        }
        return nil
    }

    private func fields(_ value: String, at now: Date) -> [String]? {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard value.utf8.count <= Self.maxBytes, parts.count == 3, let until = Int64(parts[0]),
            constantTimeEquals(Array(parts[2].utf8), Array(code("\(parts[0]).\(parts[1])").utf8)),
            now.timeIntervalSince1970 < Double(until)
        else { return nil }
        let fields = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { bytes(fromHex: String($0)) }
        guard !fields.contains(nil) else { return nil }
        return fields.map { String(decoding: $0 ?? [], as: UTF8.self) }
    }

    private func code(_ content: String) -> String { hex(Array(key.authenticate(Array(content.utf8)).prefix(20))) }
}
