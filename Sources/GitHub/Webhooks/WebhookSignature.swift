import Crypto
import HTTP

/// GitHub's webhook signature: `X-Hub-Signature-256: sha256=` + HMAC-SHA256 of the raw body
/// (docs.github.com, "Validating webhook deliveries").
package struct WebhookSignature: Sendable {
    private let key: HMACKey

    package init(secret: String) { key = HMACKey(Array(secret.utf8)) }

    /// Nothing of the body may be read before this says true.
    package func holds(for request: HTTPRequest) -> Bool {
        guard let signature = request.headers["X-Hub-Signature-256"] else { return false }
        return constantTimeEquals(Array(signature.utf8), Array(self.signature(of: request.body).utf8))
    }

    /// `sha256=` and 64 hexadecimal digits.
    package func signature(of body: [UInt8]) -> String { "sha256=" + hex(key.authenticate(body)) }
}
