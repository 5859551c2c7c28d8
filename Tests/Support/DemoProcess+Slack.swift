import Crypto
import Foundation
import HTTP
import JSON

/// What Slack does: signed requests to the bot's URLs.
extension DemoProcess {
    /// The demo's promises: see README.md.
    package static let signingSecret = "demo-signing-secret"
    package static let channelName = "iterapp-logs"
    /// Whoever types the tests' commands.
    package static let personID = "U0TESTER01"

    package struct Acknowledgement: Sendable {
        package let status: Int
        /// The ephemeral answer's text, with Slack's escapes undone; the whole body when it is no JSON.
        package let text: String
    }

    /// Signs and posts a slash command.
    package func command(
        _ text: String, trigger: String = UUID().uuidString, channel: String = channelName
    ) async throws -> Acknowledgement {
        try await post("/slack/commands", Self.form([
            ("command", "/iterapp"), ("text", text), ("user_id", Self.personID), ("user_name", "tester"),
            ("channel_id", channel == Self.channelName ? "C0ITERAPP1" : "C0ELSEWHERE"),
            ("channel_name", channel), ("trigger_id", trigger),
        ]))
    }

    /// Posts a body with a signature that holds, unless another secret or other header fields are given.
    package func post(
        _ path: String, _ body: [UInt8], at time: Date = .now, secret: String = signingSecret,
        headers: HTTPHeaders? = nil
    ) async throws -> Acknowledgement {
        let timestamp = String(Int(time.timeIntervalSince1970))
        let signature = HMACKey(Array(secret.utf8)).authenticate(Array("v0:\(timestamp):".utf8), body)
        var all = headers ?? [
            "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": "v0=" + hex(signature),
        ]
        if all["Content-Type"] == nil { all["Content-Type"] = "application/x-www-form-urlencoded" }
        let response = try await client.send(
            HTTPClientRequest("POST", url + path, headers: all, body: body, timeout: .seconds(10)))
        let text = (try? JSON.parse(response.body))?["text"]?.string
            .map { $0.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&") }
        return Acknowledgement(
            status: response.status, text: text ?? String(decoding: response.body, as: UTF8.self))
    }

    /// application/x-www-form-urlencoded.
    package static func form(_ fields: [(String, String)]) -> [UInt8] {
        Array(fields.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&").utf8)
    }

    private static func encoded(_ text: String) -> String {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}
