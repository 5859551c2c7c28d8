import Crypto
import Deploys
import Foundation
import HTTP
import Synchronization
import TestSupport
import XCTest

@testable import Bot

/// The settings of a bot whose outside world is a folder and dead addresses.
struct BotBench: Sendable {
    let directory: URL
    let log = Lines()

    static let signingSecret = "a secret that Slack and we know"
    static let webhookSecret = "a secret that GitHub and we know"
    static let botToken = "xoxb-nobody-must-read-this"
    static let gitHubToken = "ghp_nobody_must_read_this"

    static func with(_ body: (BotBench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let bench = BotBench(directory: directory)
            try FileManager.default.createDirectory(at: bench.repositories, withIntermediateDirectories: true)
            try Data(bench.kubeconfig.utf8).write(to: directory.appending(path: "kubeconfig"))
            try await body(bench)
        }
    }

    var repositories: URL { directory.appending(path: "repositories") }
    var state: URL { directory.appending(path: "state") }

    /// What an operator would have set.
    var environment: [String: String] {
        [
            "ITERAPP_LISTEN": "127.0.0.1:0", "ITERAPP_STATE_DIR": state.path,
            "ITERAPP_SOURCE": "dir:\(repositories.path)", "ITERAPP_BUILDER": "docker",
            "SLACK_SIGNING_SECRET": Self.signingSecret, "SLACK_BOT_TOKEN": Self.botToken,
            "SLACK_API_URL": "http://127.0.0.1:1/api/", "GITHUB_WEBHOOK_SECRET": Self.webhookSecret,
            "GITHUB_TOKEN": Self.gitHubToken, "KUBECONFIG": directory.appending(path: "kubeconfig").path,
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": directory.path,
        ]
    }

    private var kubeconfig: String {
        """
        {"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
        "clusters": [{"name": "k", "cluster": {"server": "http://127.0.0.1:1"}}],
        "users": [{"name": "u", "user": {"token": "kube-nobody-must-read-this"}}]}
        """
    }

    func settings(_ change: [String: String] = [:]) throws -> Settings {
        try Settings.read(environment.merging(change) { _, own in own })
    }

    func command(_ text: String) -> HTTPRequest {
        let fields = [
            "command": "/iterapp", "text": text, "user_id": "U1", "channel_id": "C1", "channel_name": "iterapp-logs",
        ]
        let body = fields.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }.joined(separator: "&")
        return signed("/slack/commands", body)
    }

    /// As Slack would send it.
    func signed(_ path: String, _ body: String) -> HTTPRequest {
        let timestamp = String(Int64(Date.now.timeIntervalSince1970))
        let signature = HMACKey(Array(Self.signingSecret.utf8)).authenticate(Array("v0:\(timestamp):\(body)".utf8))
        return HTTPRequest(
            method: "POST", target: path,
            headers: ["X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": "v0=" + hex(signature)],
            body: Array(body.utf8), peer: "")
    }
}

/// What the operator would read.
final class Lines: Sendable {
    private let kept = Watched<[String]>([])
    var log: Log { Log { [self] level, line in kept.change { $0.append("\(level.rawValue) \(line)") } } }
    var all: [String] { kept.value }

    func wait(for text: String) async throws {
        try await kept.wait(for: text) { $0.contains { $0.contains(text) } }
    }

    func wait(for text: String, times: Int) async throws {
        try await kept.wait(for: "\(text), \(times) times") { $0.count { $0.contains(text) } == times }
    }
}

extension HTTPResponse {
    var text: String {
        guard case .bytes(let bytes) = body else { return "(a stream)" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
