import Crypto
import Foundation
import HTTP
import JSON
import Store
import TestSupport

/// How long Slack waits for answers while 500 commands a second come in and 50 builds write logs, with a long history
/// behind it. The target: under 100 ms at the 99th percentile.
///
/// Commands are sent at their time, whether the ones before were answered or not, and the wait counts from that time.
struct LoadBenchmark {
    private static let rate = 500
    private static let seconds = 18
    /// Until connections are open and statements prepared.
    private static let warmUp = 500

    func run() async throws {
        try await withTemporaryDirectory { directory in
            let state = LoadServer.state(directory)
            let empty = try await SQLiteJournal.open(state)
            await empty.close()
            var history = LongHistory(until: .now)
            history.unfinished = 0
            try history.write(into: state)
            let slack = try Self.slack()
            let server = try await LoadServer(in: directory, slackURL: "http://127.0.0.1:\(slack.port)/api/")
            let outcomes = try await send(to: server.url)
            let lines = try await server.stop()
            await slack.server.stop(grace: .zero)
            report(outcomes, lines)
        }
    }

    private struct Outcome: Sendable {
        let took: Duration
        /// How much later than at its time the command was sent: what the machine itself lets wait.
        let late: Duration
        let isAnswered: Bool
        let isQuestion: Bool
    }

    private static func figures(_ durations: some Sequence<Duration>) -> Figures {
        var figures = Figures()
        for duration in durations { figures.add(duration) }
        return figures
    }

    private func report(_ outcomes: [Outcome], _ lines: Int) {
        let figures = Self.figures(outcomes.map(\.took))
        let failed = outcomes.count { !$0.isAnswered }
        print("\(Self.rate) commands a second, \(LoadServer.builds) builds that log \(lines / Self.seconds) lines a second "
            + "together, \(failed) commands not answered")
        print(figures.line("acknowledgement under load"))
        print(Self.figures(outcomes.filter { !$0.isQuestion }.map(\.took)).line("of what is written down"))
        print(Self.figures(outcomes.filter(\.isQuestion).map(\.took)).line("of questions"))
        print(Self.figures(outcomes.map(\.late)).line("of it, waiting to be sent at all"))
        print(String(format: "%.2f of the 100 ms that it may take at the 99th percentile\n",
            figures.percentile(99) / 0.1))
    }

    private func send(to url: String) async throws -> [Outcome] {
        let client = HTTPClient()
        let interval = Duration.seconds(1) / Self.rate
        return try await withThrowingTaskGroup(of: Outcome.self) { group in
            let start = ContinuousClock.now
            for number in 0..<Self.rate * Self.seconds {
                let due = start + interval * number
                try await Task.sleep(until: due)
                group.addTask {
                    let late = ContinuousClock.now - due
                    let answer = try? await client.send(Self.request(number, to: url))
                    let isAnswered = answer?.status == 200
                        && (try? JSON.parse(answer?.body ?? []))?["response_type"] == "ephemeral"
                    return Outcome(
                        took: ContinuousClock.now - due, late: late, isAnswered: isAnswered,
                        isQuestion: number % 20 < 4)
                }
            }
            var outcomes: [Outcome] = []
            for try await outcome in group { outcomes.append(outcome) }
            return Array(outcomes.dropFirst(Self.warmUp))
        }
    }

    /// Most change something; the others are questions.
    private static func request(_ number: Int, to url: String) -> HTTPClientRequest {
        let app = LongHistory.app(number * 7 % 1_000)
        let text = switch number % 20 {
        case 0: "apps"
        case 1: "help"
        case 2, 3: "status \(app)"
        default: "deploy \(app) snap\(number % 10) main"
        }
        let fields = [
            "command": "/iterapp", "text": text, "user_id": "U\(number % 200)", "user_name": "kari", "channel_id": "C1",
            "channel_name": "iterapp-logs", "team_id": "T1", "api_app_id": "A1", "trigger_id": "\(number).benchmark",
            "response_url": "https://hooks.slack.com/commands/1",
        ]
        let body = fields.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
        }.joined(separator: "&")
        let timestamp = String(Int64(Date.now.timeIntervalSince1970))
        let signature = HMACKey(Array(LoadServer.secret.utf8)).authenticate(Array("v0:\(timestamp):\(body)".utf8))
        return HTTPClientRequest(
            "POST", url + "/slack/commands",
            headers: [
                "Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": timestamp,
                "X-Slack-Signature": "v0=" + hex(signature),
            ], body: Array(body.utf8), timeout: .seconds(10))
    }

    /// Takes every message at once.
    static func slack() throws -> (server: HTTPServer, port: Int) {
        var settings = HTTPServerSettings()
        settings.port = 0
        let answer: JSON = [
            "ok": true, "ts": "1.000001", "channel": "C1", "team_id": "T1", "user_id": "U0", "bot_id": "B0", "app_id": "A1",
        ]
        let server = HTTPServer(settings) { _ in
            HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: .bytes(answer.bytes))
        }
        return (server, try server.start())
    }
}
