import Crypto
import Foundation
import HTTP
import JSON
import Sandbox
import Synchronization
import TestSupport

/// What people and GitHub send to the service, and what they were answered.
final class Mail: Sendable {
    /// Something that was asked for, once or several times in the same words.
    struct Order: Sendable {
        enum Fate: Sendable {
            /// It was answered that it is done or will be.
            case acknowledged(String)
            /// It was answered with something else: a refusal, or a request to come again.
            case refused(String)
            /// There was no answer: it may have been taken, or not.
            case unanswered
        }

        /// As the journal keeps it: `command:TRIGGER`, `push:DELIVERY`.
        let key: String
        let app: String
        let text: String
        /// Of a push.
        var commit: String?
        var fate = Fate.unanswered

        var isAcknowledged: Bool { if case .acknowledged = fate { true } else { false } }
    }

    private let stage: CrashStage
    private let state = Mutex<[String: Order]>([:])
    private let counter = Mutex(0)
    private static let timeLimit = Duration.seconds(3)

    init(_ stage: CrashStage) { self.stage = stage }

    var orders: [Order] { state.withLock { Array($0.values) } }

    func fate(of letter: Letter) -> Order.Fate? { state.withLock { $0[letter.key]?.fate } }

    private func nextName() -> String {
        counter.withLock {
            $0 += 1
            return "\($0)"
        }
    }

    // MARK: Slash commands

    struct Letter: Sendable {
        let key: String
        fileprivate let request: HTTPClientRequest
    }

    /// Somebody types a command: signed, with a trigger id of its own.
    func command(_ text: String, app: String) -> Letter {
        let trigger = "trigger-\(nextName())"
        let form = DemoProcess.form([
            ("token", "unused"), ("team_id", Workspace.teamID), ("team_domain", Workspace.teamDomain),
            ("channel_id", Workspace.channelID), ("channel_name", Workspace.channelName),
            ("user_id", Workspace.memberID), ("user_name", "you"), ("command", "/iterapp"), ("text", text),
            ("api_app_id", Workspace.appID), ("response_url", "\(stage.slack.url)/responses/none"),
            ("trigger_id", trigger),
        ])
        let timestamp = String(Int(Date.now.timeIntervalSince1970))
        let signature = HMACKey(Array(CrashStage.signingSecret.utf8)).authenticate(Array("v0:\(timestamp):".utf8), form)
        let headers: HTTPHeaders = [
            "Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": "v0=" + hex(signature),
        ]
        let key = "command:\(trigger)"
        state.withLock { $0[key] = Order(key: key, app: app, text: text) }
        return Letter(key: key, request: HTTPClientRequest(
            "POST", stage.url + "/slack/commands", headers: headers, body: form, timeout: Self.timeLimit))
    }

    // MARK: Webhooks

    /// A commit is pushed, and GitHub has yet to tell of it.
    /// - Parameter number: what the commit's content is made of; no two are the same.
    func push(to app: String, before: String?, commit: String) -> Letter? {
        guard let repository = stage.repositories[app] else { return nil }
        let delivery = "delivery-\(nextName())"
        let zeros = String(repeating: "0", count: 40)
        let payload = stage.github.pushPayload(repository, branch: "main", before: before ?? zeros, after: commit)
        var request = GitHubStandIn.request(
            "push", payload.bytes, to: stage.url + "/github/webhooks", secret: CrashStage.webhookSecret, id: delivery)
        request.timeout = Self.timeLimit
        let key = "push:\(delivery)"
        state.withLock { $0[key] = Order(key: key, app: app, text: "push \(commit.prefix(7))", commit: commit) }
        return Letter(key: key, request: request)
    }

    // MARK: Sending

    /// Sends a letter; also one that was sent before: it is played back, or redelivered.
    /// - Parameter isOnOwnConnection: otherwise over one that was used before, if there is one.
    /// - Returns: what it was answered; nil when there was no answer.
    @discardableResult
    func send(_ letter: Letter, isOnOwnConnection: Bool = true) async -> String? {
        let client = isOnOwnConnection ? HTTPClient() : stage.http
        guard let answer = try? await client.send(letter.request) else { return nil }
        let json = try? JSON.parse(answer.body)
        let text = json?["text"]?.string ?? String(decoding: answer.body, as: UTF8.self)
        let isTaken = letter.key.hasPrefix("push:")
            ? (200...299).contains(answer.status) : answer.status == 200 && Self.isAccepting(text)
        state.withLock { orders in
            // What was promised once stays promised.
            if case .acknowledged? = orders[letter.key]?.fate { return }
            // "Not certain yet" is no answer.
            if text.contains("is slow just now") || answer.status == 503 { return }
            orders[letter.key]?.fate = isTaken ? .acknowledged(text) : .refused("\(answer.status) \(text)")
        }
        return text
    }

    private static func isAccepting(_ text: String) -> Bool {
        text.contains("Follow it in") || text.contains("is deregistered. What runs stays up.")
    }
}
