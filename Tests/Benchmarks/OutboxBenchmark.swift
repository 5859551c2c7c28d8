import Deploys
import Foundation
import HTTP
import JSON
import Slack
import Store
import TestSupport

/// How long 10,000 notices for one channel take (edits of 100 operations, from SQLite to a socket), over how long 100
/// posts take. The target: no longer. The pace is Slack's, 40 times as fast.
struct OutboxBenchmark {
    static let operations = 100
    static let editsEach = 100
    static let speed = 40.0

    func run() async throws {
        let posts = try await measure { journal, signals in
            for number in 1...Self.operations { _ = try await Self.accept(number, journal, signals) }
        }
        let edits = try await measure(after: { journal, signals in
            for number in 1...Self.operations { _ = try await Self.accept(number, journal, signals) }
        }, { journal, signals in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...Self.operations {
                    group.addTask { try await Self.edit(OperationID(Int64(number)), journal, signals) }
                }
                try await group.waitForAll()
            }
        })
        let ratio = edits.seconds / posts.seconds
        print("100 posts: \(Self.format(posts)); 10,000 edits of 100 operations: \(Self.format(edits))")
        print("outbox: \(String(format: "%.2f", ratio)) times as long as the posts (target: at most 1.0)")
    }

    private struct Result {
        let seconds: Double
        let calls: Int
    }

    private static func format(_ result: Result) -> String {
        String(format: "%.2f s in %d calls", result.seconds, result.calls)
    }

    private typealias Work = @Sendable (SQLiteJournal, Signals) async throws -> Void

    /// - Parameter after: what comes first and is not measured.
    private func measure(after prepare: Work? = nil, _ work: Work) async throws -> Result {
        try await withTemporaryDirectory { directory in
            let calls = Watched(0)
            let server = HTTPServer(Self.serverSettings) { request in
                calls.change { $0 += 1 }
                let answer: JSON = ["ok": true, "channel": "C1", "ts": .string("17.\(calls.value)")]
                return HTTPResponse(status: 200, body: .bytes(answer.bytes))
            }
            let url = "http://127.0.0.1:\(try server.start())/api/"
            let journal = try await SQLiteJournal.open(directory)
            if let prepare {
                try await deliver(prepare, journal, url, Pace(burst: 10_000, perSecond: 10_000))
            }
            let before = calls.value
            let seconds = try await deliver(work, journal, url, Self.pace)
            await journal.close()
            await server.stop(grace: .zero)
            return Result(seconds: seconds, calls: calls.value - before)
        }
    }

    private static var serverSettings: HTTPServerSettings {
        var settings = HTTPServerSettings()
        settings.port = 0
        return settings
    }

    private static var pace: Pace {
        var pace = Pace()
        pace.posts.perSecond *= speed
        pace.edits.perSecond *= speed
        // A minute can't be made shorter; the rate and the burst keep to the tier by themselves here.
        pace.edits.perMinute = nil
        return pace
    }

    @discardableResult
    private func deliver(_ work: Work, _ journal: SQLiteJournal, _ url: String, _ pace: Pace) async throws -> Double {
        let signals = Signals()
        let messenger = SlackMessenger(
            api: SlackWebAPI(client: HTTPClient(), baseURL: url, token: "xoxb-test"), channels: journal)
        let courier = Courier(
            outbox: journal, messenger: messenger, signals: signals, pace: pace, now: { .now }, log: .silent)
        let written = ContinuousClock.now
        try await work(journal, signals)
        let start = ContinuousClock.now
        if pace.posts.burst < 100 {
            print("written in \(String(format: "%.2f", (start - written) / .seconds(1))) s")
        }
        let running = Task { await courier.run() }
        while try await journal.statistics().undeliveredNotices > 0 { try await Task.sleep(for: .milliseconds(5)) }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        running.cancel()
        await running.value
        return seconds
    }

    private static func accept(
        _ number: Int, _ journal: SQLiteJournal, _ signals: Signals
    ) async throws -> Deploys.Operation? {
        let request = OperationRequest(
            kind: .deploy, app: AppID(organisation: "iterate", name: "app\(number)"), environment: .test,
            revision: Revision("main"), trigger: .command(Person(id: "U1", name: "ada")), channel: "#iterapp-logs",
            deduplicationKey: "\(number)")
        let acceptance = try await journal.accept(request, at: .now) { operation, ahead in
            [.live(Report(operation: operation, appLabel: operation.app.name, phase: .queued(ahead: ahead)))]
        } superseding: { _, _ in [] }
        signals.notices.fire()
        if case .accepted(let operation) = acceptance { return operation }
        return nil
    }

    private static func edit(_ id: OperationID, _ journal: SQLiteJournal, _ signals: Signals) async throws {
        guard let operation = try await journal.operation(id) else { throw TestFailure("operation \(id) is not there") }
        for ready in 1...editsEach {
            let report = Report(
                operation: operation, appLabel: operation.app.name, phase: .rollingOut(ready: ready, wanted: editsEach))
            try await journal.record(operation, notices: [.live(report)])
            signals.notices.fire()
        }
    }
}
