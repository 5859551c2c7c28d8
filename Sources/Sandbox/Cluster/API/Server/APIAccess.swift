import Foundation

/// Who may talk to the embedded API: whoever has the token.
enum APIAccess {
    static let user = "iterapp"

    /// As bearer token (RFC 6750), or as the password of Basic authentication (RFC 7617), which is all that
    /// `kubectl` sends without TLS. Compared in constant time.
    static func allows(_ field: String?, token: String) -> Bool {
        let sent = Array((field ?? "").utf8)
        let basic = Data("\(user):\(token)".utf8).base64EncodedString()
        return isEqual(sent, Array("Bearer \(token)".utf8)) || isEqual(sent, Array("Basic \(basic)".utf8))
    }

    private static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
