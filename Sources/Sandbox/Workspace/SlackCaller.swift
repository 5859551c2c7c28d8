import Crypto
import Foundation
import HTTP
import JSON

/// Calls the bot as Slack would: form-encoded, signed, at its public URLs.
struct SlackCaller: Sendable {
    let client: HTTPClient
    /// The bot's, without a slash at its end.
    let botURL: String
    let signingSecret: String
    /// The base of `response_url`s, with a slash at its end.
    let responseBaseURL: String
    let now: @Sendable () -> Date

    /// Slack waits this long for an answer (docs.slack.dev, "Implementing slash commands").
    static let timeout = Duration.seconds(3)

    /// - Parameter line: what was typed: `/iterapp deploy …`.
    /// - Returns: what the member alone sees.
    func command(_ line: String) async -> String {
        let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        let answer = await send("/slack/commands", common + [
            ("command", String(words.first ?? "")), ("text", words.count > 1 ? String(words[1]) : ""),
            ("user_id", Workspace.memberID), ("user_name", Workspace.memberName),
            ("channel_id", Workspace.channelID), ("channel_name", Workspace.channelName),
        ])
        guard answer.status == 200 else { return failure(answer) }
        return (try? JSON.parse(answer.body))?["text"]?.string ?? ""
    }

    /// A press on a button of a message; nil when all went well (the answer then comes to the `response_url`).
    func press(actionID: String, value: String, messageTimestamp: String) async -> String? {
        let payload: JSON = [
            "type": "block_actions", "trigger_id": .string(triggerID()),
            "response_url": .string(responseURL()),
            "user": ["id": .string(Workspace.memberID), "name": .string(Workspace.memberName)],
            "channel": ["id": .string(Workspace.channelID), "name": .string(Workspace.channelName)],
            "message": ["ts": .string(messageTimestamp)],
            "actions": [["action_id": .string(actionID), "value": .string(value), "type": "button"]],
        ]
        let answer = await send("/slack/interactions", [("payload", payload.text)])
        return answer.status == 200 ? nil : failure(answer)
    }

    private var common: [(String, String)] {
        [
            ("token", "unused"), ("team_id", "T0ITERAPP1"), ("team_domain", "demo"),
            ("trigger_id", triggerID()), ("response_url", responseURL()),
        ]
    }

    private func send(_ path: String, _ fields: [(String, String)]) async -> (status: Int, body: [UInt8]) {
        let body = Array(fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&").utf8)
        let timestamp = String(Int64(now().timeIntervalSince1970))
        let signature = HMACKey(Array(signingSecret.utf8)).authenticate(Array("v0:\(timestamp):".utf8), body)
        let request = HTTPClientRequest(
            "POST", botURL + path,
            headers: [
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": "v0=" + hex(signature),
            ], body: body, timeout: Self.timeout)
        do throws(HTTPClientError) {
            let response = try await client.send(request)
            return (response.status, response.body)
        } catch {
            return (0, Array("\(error)".utf8))
        }
    }

    private func failure(_ answer: (status: Int, body: [UInt8])) -> String {
        "The bot did not answer as it should (\(answer.status)): \(String(decoding: answer.body, as: UTF8.self))"
    }

    private func triggerID() -> String { "demo.\(hex(randomBytes(12)))" }
    private func responseURL() -> String { responseBaseURL + hex(randomBytes(12)) }

    /// application/x-www-form-urlencoded (WHATWG URL, section 5.2).
    private func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "*"):
                String(UnicodeScalar(byte))
            case UInt8(ascii: " "): "+"
            default: "%" + hex([byte])
            }
        }.joined()
    }
}
