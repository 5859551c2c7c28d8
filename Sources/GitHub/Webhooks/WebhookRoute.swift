import Deploys
import Foundation
import HTTP
import JSON

/// `POST /github/webhooks`: verify, parse, write down, acknowledge.
package struct WebhookRoute: Sendable {
    private let signature: WebhookSignature
    private let desks: WebhookDesks
    private let credentials: GitHubCredentials?
    private let patience: WaitLimit
    private let log: Log
    /// What came, by event.
    package let tally = WebhookTally()

    /// GitHub sends no payload over 25 MB (docs.github.com, "Webhook events and payloads").
    package static let maxBodyBytes = 25 << 20
    /// So many bodies of that size are held at the same time; who comes then is asked to come again.
    package static let maxLargeBodies = 4
    static let maxDepth = 100
    static let maxDeliveryBytes = 200
    /// GitHub gives up after 10 seconds (docs.github.com, "Handling webhook deliveries").
    package static let patience = WaitLimit(.seconds(8))

    /// - Parameters:
    ///   - credentials: learn from webhooks where the App is installed.
    ///   - patience: how long a delivery may wait for the disk.
    package init(
        secret: String, desks: WebhookDesks, credentials: GitHubCredentials? = nil,
        patience: WaitLimit = Self.patience, log: Log
    ) {
        self.patience = patience
        signature = WebhookSignature(secret: secret)
        self.desks = desks
        self.credentials = credentials
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
        guard signature.holds(for: request) else { return refused(401, "The webhook's signature does not hold.") }
        guard let name = request.headers["X-GitHub-Event"], let delivery = request.headers["X-GitHub-Delivery"],
            !delivery.isEmpty, delivery.utf8.count <= Self.maxDeliveryBytes
        else { return refused(400, "X-GitHub-Event or X-GitHub-Delivery is missing.") }
        guard let event = WebhookEvent(rawValue: name) else {
            tally.count(WebhookTally.other)
            return .text(202, "Nothing to do for this event.\n")
        }
        if request.headers["Content-Type"]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true {
            return refused(415, "Set the webhook's content type to application/json.")
        }
        return await take(event, request.body, delivery)
    }

    private func take(_ event: WebhookEvent, _ body: [UInt8], _ delivery: String) async -> HTTPResponse {
        let payload: JSON
        do throws(JSONError) {
            payload = try JSON.parse(body, only: event.selection, maxDepth: Self.maxDepth)
        } catch { return refused(400, "The body is no JSON: \(error)") }
        let order: WebhookOrder
        do throws(WebhookFieldError) { order = try WebhookOrder(event, payload, delivery: delivery) } catch {
            return refused(400, "The \(event.rawValue) lacks a well-formed `\(error.field)`.")
        }
        tally.count(event.rawValue)
        await credentials?.learn(from: payload, of: event)
        let work = Task {
            do throws(JournalError) {
                return Result<String, JournalError>.success(try await desks.take(order, delivery: delivery))
            } catch { return .failure(error) }
        }
        switch await patience.result(of: work) {
        case .success(let sentence): return .text(event == .ping ? 200 : 202, sentence + "\n")
        case .failure(let error):
            return unavailable("a \(event.rawValue) of GitHub could not be written down: \(error)")
        case nil:
            // It may still be: the same delivery acts once, and what is missed is found by looking.
            return unavailable("a \(event.rawValue) of GitHub was not written down in time")
        }
    }

    private func unavailable(_ reason: String) -> HTTPResponse {
        log.error(reason)
        var refusal = HTTPResponse.text(503, "It can't be written down just now; deliver it again.\n")
        refusal.headers["Retry-After"] = "10"
        return refusal
    }

    private func refused(_ status: Int, _ sentence: String) -> HTTPResponse {
        tally.count(WebhookTally.refused)
        return .text(status, sentence + "\n")
    }
}
