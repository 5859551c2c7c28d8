import Foundation
import Synchronization

/// The bearer tokens that the embedded API takes, and whose they are.
final class AccessTokens: Sendable {
    static let maxTokens = 10_000

    struct Entry: Sendable {
        let user: APIUser
        /// Nil for a token that never expires.
        var expiry: Date?
        /// The account that the token was made for: it dies with it.
        var account: (key: ObjectKey, uid: String)?
    }

    private let entries = Mutex<[[UInt8]: Entry]>([:])

    /// Returns whether there was room.
    @discardableResult
    func add(_ token: String, _ entry: Entry) -> Bool {
        entries.withLock { entries in
            guard entries.count < Self.maxTokens else { return false }
            entries[Array(token.utf8)] = entry
            return true
        }
    }

    func remove(_ token: String) { entries.withLock { $0[Array(token.utf8)] = nil } }

    /// - Parameter field: the `Authorization` header: a bearer token (RFC 6750), or Basic authentication with
    ///   the token as password (RFC 7617), which is all that `kubectl` sends without TLS.
    /// - Returns: whose token it is; nil when there is none, or it has expired.
    func entry(_ field: String?, now: Date) -> Entry? {
        guard let sent = Self.token(in: field ?? "") else { return nil }
        return entries.withLock { entries in
            // Every token is looked at, in constant time each.
            var found: Entry?
            for (token, entry) in entries where Self.isEqual(token, sent) { found = entry }
            return found.flatMap { entry in entry.expiry.map { $0 <= now } == true ? nil : entry }
        }
    }

    private static func token(in field: String) -> [UInt8]? {
        if field.hasPrefix("Bearer ") { return Array(field.utf8.dropFirst("Bearer ".utf8.count)) }
        guard field.hasPrefix("Basic "), let data = Data(base64Encoded: String(field.dropFirst(6))),
            let colon = data.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return Array(data[data.index(after: colon)...])
    }

    private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
