import Crypto
import Deploys
import Foundation
import HTTP
import JSON
import Store
import Synchronization
import TestSupport
import XCTest

@testable import Slack

/// Slack's routes on a real journal, called with requests as Slack signs them.
struct SlackBench: Sendable {
    static let secret = "a secret that Slack and we know"
    static let now = Date(timeIntervalSince1970: 1_780_000_000)

    let journal: SQLiteJournal
    let routes: SlackRoutes
    let log = Lines()

    let installation: InstallationKeeper
    let channels: ChannelLearner

    init(
        _ directory: URL, apiURL: String, appID: String? = nil, gate: any Gate = OpenGate(),
        commandChannels: [String] = [], source: any SourceHost = NoSource(),
        change: (inout SlackParts) -> Void = { _ in }
    ) async throws {
        journal = try await SQLiteJournal.open(directory) { Self.now }
        let naming = Naming(
            defaultOrganisation: "iterate", domains: .init(prod: "{app}.p", test: "{app}.t", snap: "{env}.{app}.p"),
            externalDomains: .init(prod: "{app}.xp", test: "{app}.xt", snap: "{env}.{app}.xp"))
        let channels = ChannelPolicy(logChannel: "#iterapp-logs", commandChannels: commandChannels)
        let intake = Intake(
            journal: journal, gate: gate, naming: naming, channels: channels, signals: Signals(),
            now: { Self.now })
        let info = InfoDesk(
            journal: journal, health: UnknownHealth(), naming: naming, logChannel: channels.logChannel,
            now: { Self.now })
        let client = HTTPClient()
        self.channels = ChannelLearner(
            api: SlackWebAPI(client: client, baseURL: apiURL, token: "xoxb-secret"), book: journal,
            channels: channels, log: log.log)
        let api = SlackWebAPI(client: client, baseURL: apiURL, token: "xoxb-secret")
        installation = InstallationKeeper(api: api, keepsakes: journal, appID: appID, log: log.log)
        let commands = CommandDesk(intake, info)
        var parts = SlackParts(
            signingSecret: Self.secret, commands: commands, presses: PressDesk(intake, source: source),
            forms: FormDesk(commands, source: source), info: info,
            installation: installation, api: api,
            responses: ResponseURLs(client: client, apiURL: apiURL, now: { Self.now }, log: log.log),
            memory: journal, now: { Self.now }, log: log.log)
        parts.answers.firstPauseSeconds = 0
        change(&parts)
        routes = SlackRoutes(parts)
    }

    static func with(
        apiURL: String = "http://127.0.0.1:1/api/", appID: String? = nil, gate: any Gate = OpenGate(),
        commandChannels: [String] = [], source: any SourceHost = NoSource(),
        change: (inout SlackParts) -> Void = { _ in }, _ body: (SlackBench) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let bench = try await SlackBench(
                directory, apiURL: apiURL, appID: appID, gate: gate, commandChannels: commandChannels,
                source: source, change: change)
            try await body(bench)
            await bench.routes.waitForAnswers()
            await bench.journal.close()
        }
    }

    func post(
        _ path: String, _ body: String, secret: String = secret, secondsOff: Int64 = 0, method: String = "POST",
        type: String? = nil
    ) async throws -> (status: Int, headers: HTTPHeaders, text: String) {
        let answered = await routes.answer(
            signed(path, body, secret: secret, secondsOff: secondsOff, method: method, type: type))
        let answer = try XCTUnwrap(answered)
        guard case .bytes(let bytes) = answer.body else { throw TestFailure("a stream") }
        return (answer.status, answer.headers, String(decoding: bytes, as: UTF8.self))
    }

    func signed(
        _ path: String, _ body: String, secret: String = secret, secondsOff: Int64 = 0, method: String = "POST",
        type: String? = nil
    ) -> HTTPRequest {
        let timestamp = String(Int64(Self.now.timeIntervalSince1970) + secondsOff)
        let signature = SlackSignature(signingSecret: secret).signature(timestamp: timestamp, body: Array(body.utf8))
        var headers: HTTPHeaders = ["X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature]
        if let type { headers["Content-Type"] = type }
        return HTTPRequest(
            method: method, target: path, headers: headers, body: Array(body.utf8), peer: "127.0.0.1")
    }

    /// A press on a button, as Slack tells of it.
    func press(
        _ command: String, responseURL: String? = nil, channel: String = "iterapp-logs", trigger: String = "1"
    ) async throws -> (status: Int, headers: HTTPHeaders, text: String) {
        var payload: JSON = [
            "type": "block_actions", "trigger_id": .string(trigger), "user": ["id": "U1", "name": "ada"],
            "channel": ["id": "C1", "name": .string(channel)],
            "actions": [["action_id": "command", "type": "button", "value": .string(command)]],
        ]
        payload["response_url"] = responseURL.map(JSON.string)
        return try await post("/slack/interactions", form(["payload": payload.text]))
    }

    func register(_ name: String) async throws {
        let app = AppID(organisation: "iterate", name: name)
        let request = OperationRequest(
            kind: .register, app: app, environment: nil, revision: nil, trigger: .push(by: "x"), channel: "#x",
            deduplicationKey: nil)
        _ = try await journal.accept(request, at: Self.now, notices: { _, _ in [] }, superseding: { _, _ in [] })
        let claimed = try await journal.claim(at: Self.now)
        var operation = try XCTUnwrap(claimed)
        operation.state = .succeeded
        try await journal.settle(
            operation, .registered(App(id: app, defaultBranch: "main", defaultEnvironment: .test)), notices: [])
    }

    func queued() async throws -> Int { try await journal.statistics().operations[.queued] ?? 0 }
}

func form(_ fields: [String: String]) -> String {
    fields.map { name, value in
        "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
    }.joined(separator: "&")
}

/// What the operator would read.
final class Lines: Sendable {
    private let kept = Mutex<[String]>([])
    var log: Log { Log { [self] _, line in kept.withLock { $0.append(line) } } }
    var all: [String] { kept.withLock { $0 } }
}

/// A web server that answers as a test says, and remembers what it was asked.
struct ScriptedServer: Sendable {
    let requests = Watched<[HTTPRequest]>([])
    let url: String
    private let server: HTTPServer

    /// The answers are given in order, the last one from then on.
    init(_ answers: HTTPResponse...) throws {
        var settings = HTTPServerSettings()
        settings.port = 0
        settings.eventLoopThreads = 1
        server = HTTPServer(settings) { [requests] request in
            requests.change { $0.append(request) }
            return answers[min(requests.value.count, answers.count) - 1]
        }
        url = "http://127.0.0.1:\(try server.start())/"
    }

    func stop() async { await server.stop(grace: .zero) }
}
