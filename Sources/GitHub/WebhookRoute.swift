import Deploys
import Foundation
import HTTP
import JSON

/// `POST /github/webhooks`: verify, parse, write down, acknowledge.
package struct WebhookRoute: Sendable {
    private let signature: WebhookSignature
    private let desk: PushDesk
    private let log: Log

    /// GitHub sends no payload over 25 MB (docs.github.com, "Webhook events and payloads").
    package static let maxBodyBytes = 25 << 20

    package init(secret: String, desk: PushDesk, log: Log) {
        signature = WebhookSignature(secret: secret)
        self.desk = desk
        self.log = log
    }

    /// Nil for a path that is not GitHub's.
    package func answer(_ request: HTTPRequest) async -> HTTPResponse? {
        guard request.path == "/github/webhooks" else { return nil }
        guard request.method == "POST" else {
            var refusal = HTTPResponse.text(405, "Only POST is answered here.\n")
            refusal.headers["Allow"] = "POST"
            return refusal
        }
        guard signature.holds(for: request) else { return .text(401, "The webhook's signature does not hold.\n") }
        guard let event = request.headers["X-GitHub-Event"], let delivery = request.headers["X-GitHub-Delivery"],
            !delivery.isEmpty
        else { return .text(400, "X-GitHub-Event or X-GitHub-Delivery is missing.\n") }
        switch event {
        case "ping": return .text(200, "pong\n")
        case "push": return await push(request, delivery)
        default: return .text(202, "Nothing to do for this event.\n")
        }
    }

    private func push(_ request: HTTPRequest, _ delivery: String) async -> HTTPResponse {
        let payload: JSON
        do throws(JSONError) { payload = try JSON.parse(request.body) } catch {
            return .text(400, "The body is no JSON: \(error)\n")
        }
        switch PushPayload.read(payload, delivery: delivery) {
        case .malformed(let field): return .text(400, "The push lacks a well-formed `\(field)`.\n")
        case .nothingToDo(let reason): return .text(202, "\(reason)\n")
        case .push(let push): return await take(push)
        }
    }

    private func take(_ push: Push) async -> HTTPResponse {
        do throws(JournalError) {
            switch try await desk.take(push) {
            case .accepted(let id): return .text(202, "Accepted as operation \(id).\n")
            case .duplicate: return .text(202, "This delivery was accepted before.\n")
            case .ignored:
                return .text(202, "The repository is not registered, or the branch has a name that can't be shown.\n")
            }
        } catch {
            log.error("a push to \(push.app.key) could not be written down: \(error)")
            var refusal = HTTPResponse.text(503, "The push can't be written down just now; deliver it again.\n")
            refusal.headers["Retry-After"] = "10"
            return refusal
        }
    }
}
