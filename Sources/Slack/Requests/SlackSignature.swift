import Crypto
import Foundation
import HTTP

/// Slack's request signature: HMAC-SHA256 over `v0:{timestamp}:{raw body}`
/// (docs.slack.dev, "Verifying requests from Slack").
package struct SlackSignature: Sendable {
    private let key: HMACKey

    /// How far the timestamp may be off, in either direction.
    static let maxSkewSeconds = 300.0

    package init(signingSecret: String) {
        key = HMACKey(Array(signingSecret.utf8))
    }

    /// Nothing of the body may be read before this says true.
    package func holds(for request: HTTPRequest, at now: Date) -> Bool {
        guard let signature = request.headers["X-Slack-Signature"],
            let timestamp = request.headers["X-Slack-Request-Timestamp"],
            let seconds = Int64(timestamp),
            abs(now.timeIntervalSince1970 - Double(seconds)) <= Self.maxSkewSeconds
        else { return false }
        let expected = self.signature(timestamp: timestamp, body: request.body)
        return constantTimeEquals(Array(signature.utf8), Array(expected.utf8))
    }

    /// `v0=` and 64 hexadecimal digits.
    package func signature(timestamp: String, body: [UInt8]) -> String {
        "v0=" + hex(key.authenticate(Array("v0:\(timestamp):".utf8), body))
    }
}
