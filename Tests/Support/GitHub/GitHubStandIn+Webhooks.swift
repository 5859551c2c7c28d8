import Crypto
import Foundation
import HTTP
import JSON

/// Webhooks as GitHub delivers them (docs.github.com, "Webhook events and payloads").
extension GitHubStandIn {
    /// Sends one delivery and returns what it was answered.
    /// - Parameters:
    ///   - url: the webhook's.
    ///   - id: of the delivery; a redelivery has the id of the first one.
    @discardableResult
    package static func deliver(
        _ event: String, _ payload: JSON, to url: String, secret: String, id: String = UUID().uuidString,
        through http: HTTPClient = HTTPClient()
    ) async throws -> HTTPClientResponse {
        try await http.send(request(event, payload.bytes, to: url, secret: secret, id: id))
    }

    /// The same, to be sent by others.
    package static func request(
        _ event: String, _ body: [UInt8], to url: String, secret: String, id: String = UUID().uuidString
    ) -> HTTPClientRequest {
        let signature = HMACKey(Array(secret.utf8)).authenticate(body)
        return HTTPClientRequest("POST", url, headers: [
            "Content-Type": "application/json", "User-Agent": "GitHub-Hookshot/044aadd", "X-GitHub-Event": event,
            "X-GitHub-Delivery": id, "X-GitHub-Hook-ID": "292430182", "X-Hub-Signature-256": "sha256=" + hex(signature),
        ], body: body)
    }

    /// What a push of `branch` from one commit to another looks like; 40 zeros stand for none.
    package func pushPayload(
        _ repository: Repository, branch: String, before: String = String(repeating: "0", count: 40), after: String,
        subject: String = "Change something", pusher: String = "octocat"
    ) -> JSON {
        let zeros = String(repeating: "0", count: 40)
        let head: JSON = [
            "id": .string(after), "message": .string(subject), "author": ["name": .string(pusher)],
            "url": .string("\(url)/\(repository.fullName)/commit/\(after)"), "timestamp": "2026-11-21T12:00:00Z",
        ]
        var payload: JSON = [
            "ref": .string("refs/heads/\(branch)"), "before": .string(before), "after": .string(after),
            "created": .bool(before == zeros), "deleted": .bool(after == zeros), "forced": false,
            "head_commit": after == zeros ? .null : head, "commits": after == zeros ? [] : [head],
            "repository": repositoryJSON(repository), "pusher": ["name": .string(pusher)],
            "sender": ["login": .string(pusher)],
        ]
        if let installation = state.withLock({ $0.installation(of: repository) }) {
            payload["installation"] = ["id": .int(installation.id)]
        }
        return payload
    }
}
