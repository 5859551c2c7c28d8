/// A request that was read completely and obeys RFC 9112.
package struct HTTPRequest: Sendable {
    package let method: String
    /// The request target as sent, in origin form: `/slack/commands?x=1`.
    package let target: String
    package let headers: HTTPHeaders
    package let body: [UInt8]
    /// The peer's address without port, for logs.
    package let peer: String

    package init(method: String, target: String, headers: HTTPHeaders, body: [UInt8], peer: String) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.peer = peer
    }

    /// The target up to the query, not percent-decoded.
    package var path: String {
        target.firstIndex(of: "?").map { String(target[..<$0]) } ?? target
    }

    /// The target behind the first `?`, not decoded; nil when there is none.
    package var query: String? {
        target.firstIndex(of: "?").map { String(target[target.index(after: $0)...]) }
    }

    /// The Host field without its port, lower-cased; empty when the client sent none.
    package var host: String {
        let field = headers["Host"] ?? ""
        if field.hasPrefix("[") { return field.prefix { $0 != "]" }.lowercased() + "]" }
        return field.prefix { $0 != ":" }.lowercased()
    }
}

package struct HTTPResponse: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        /// Sent as chunks while they come; the connection is cut when the stream throws.
        /// The stream is cancelled when the peer goes away.
        case stream(AsyncThrowingStream<[UInt8], any Error>)
    }

    package var status: Int
    package var headers: HTTPHeaders
    package var body: Body

    package init(status: Int, headers: HTTPHeaders = [:], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func text(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: ["Content-Type": "text/plain; charset=utf-8"],
            body: .bytes(Array(text.utf8)))
    }
}
