import Deploys
import Foundation
import HTTP
import JSON
import Slack
import Store
import Synchronization
import TestSupport
import XCTest

@testable import Sandbox

/// The real outbox and courier before a strict Slack, on a clock that may run faster than ours.
struct DeliveryBench: Sendable {
    static let room = "#" + Workspace.channelName

    let directory: URL
    let slack: SlackServer
    let journal: SQLiteJournal
    let logs: FileBuildLogs
    let signals = Signals()
    let speed: Double
    let now: @Sendable () -> Date
    let said = Said()
    let url: String

    /// What the operator reads.
    final class Said: Sendable {
        private let kept = Mutex<[String]>([])
        var log: Log { Log { [self] level, line in kept.withLock { $0.append("\(level.rawValue) \(line)") } } }
        var lines: [String] { kept.withLock { $0 } }
    }

    /// - Parameter speed: seconds of the bench's clock in one of ours.
    static func with(speed: Double = 1, _ body: (DeliveryBench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let bench = try await DeliveryBench(directory, speed: speed)
            try await body(bench)
            await bench.journal.close()
            await bench.slack.stop()
        }
    }

    private init(_ directory: URL, speed: Double) async throws {
        let start = Date.now
        let clock: @Sendable () -> Date = { start.addingTimeInterval(Date.now.timeIntervalSince(start) * speed) }
        self.directory = directory
        self.speed = speed
        now = clock
        slack = try SlackServer(now: clock)
        url = try slack.start() + "/api/"
        journal = try await SQLiteJournal.open(directory.appending(path: "state"), clock: clock)
        logs = FileBuildLogs(directory: directory.appending(path: "state"))
    }

    // MARK: Telling

    /// A deploy, with its live message.
    func operation(_ key: String, in channel: String = room) async throws -> Deploys.Operation {
        let request = OperationRequest(
            kind: .deploy, app: AppID(organisation: "iterate", name: key), environment: .test,
            revision: Revision("main"), trigger: .command(Person(id: "U1", name: "ada")), channel: channel,
            deduplicationKey: key)
        let acceptance = try await journal.accept(request, at: now()) { operation, ahead in
            [.live(Report(operation: operation, appLabel: key, phase: .queued(ahead: ahead)))]
        } superseding: { _, _ in [] }
        guard case .accepted(let operation) = acceptance else { throw TestFailure("a duplicate, unexpectedly") }
        signals.notices.fire()
        return operation
    }

    func show(_ operation: Deploys.Operation, ready: Int) async throws {
        let phase = Phase.rollingOut(ready: ready, wanted: 999)
        try await tell(operation, .live(Report(operation: operation, appLabel: operation.app.name, phase: phase)))
    }

    func detail(_ operation: Deploys.Operation, _ title: String) async throws {
        try await tell(operation, .detail(title: title, lines: [title]))
    }

    func tell(_ operation: Deploys.Operation, _ drafts: NoticeDraft...) async throws {
        try await journal.record(operation, notices: drafts)
        signals.notices.fire()
    }

    /// Ends well, and is announced.
    func end(_ operation: Deploys.Operation) async throws {
        var ended = operation
        ended.state = .succeeded
        ended.finishedAt = now()
        let report = Report(operation: ended, appLabel: operation.app.name, phase: .live([Site(url: "http://x/")]))
        try await journal.settle(ended, .nothing, notices: [.live(report), .announcement(report)])
        signals.notices.fire()
    }

    // MARK: Delivering

    func courier(pace: Pace = Pace(burst: 10_000, perSecond: 10_000)) -> Courier {
        let api = SlackWebAPI(client: HTTPClient(), baseURL: url, token: "xoxb-test")
        let messenger = SlackMessenger(api: api, channels: journal, logs: logs) {
            $0.replacing("hunter2", with: "•••")
        }
        return Courier(
            outbox: journal, messenger: messenger, signals: signals, pace: pace, now: now, speed: speed,
            log: said.log)
    }

    /// Runs a courier, as after a start of the service, for as long as `body` takes.
    @discardableResult
    func delivering(_ body: () async throws -> Void) async throws -> DeliveryCounts.Figures {
        let courier = courier()
        let running = Task { await courier.run() }
        let failure: (any Error)?
        do {
            try await body()
            failure = nil
        } catch { failure = error }
        running.cancel()
        await running.value
        if let failure { throw failure }
        return courier.counts.current
    }

    func wait(_ what: String, until condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while try await !condition() {
            guard ContinuousClock.now < deadline else {
                throw TestFailure("\(what) never came; the operator read: \(said.lines)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    func settled() async throws {
        try await wait("the end of the outbox") { try await journal.statistics().undeliveredNotices == 0 }
    }

    /// Delivers all that waits.
    @discardableResult
    func deliverAll() async throws -> DeliveryCounts.Figures { try await delivering { try await settled() } }

    func calls(_ method: String, outcome: String? = nil) -> [SlackCall] {
        slack.calls.of(method).filter { outcome == nil || $0.outcome == outcome }
    }

    // MARK: Seeing

    /// The bot's messages, answers marked, oldest first.
    func texts(in channel: String = Workspace.channelID) async throws -> [String] {
        try await messages(in: channel).map { message in
            (message.threadTimestamp == nil ? "" : "↳ ") + (message.files.first?["name"]?.string ?? message.text)
        }
    }

    func messages(in channel: String = Workspace.channelID) async throws -> [ChatMessage] {
        try await slack.workspace.shown(in: channel).filter { $0.user == Workspace.botID }
    }

    /// The live message of an operation, as it is stored.
    func root(_ operation: Deploys.Operation) async throws -> ChatMessage? {
        try await messages().first { $0.threadTimestamp == nil && $0.text.contains(operation.app.name) }
    }
}
