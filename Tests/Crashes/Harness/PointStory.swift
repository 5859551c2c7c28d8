import Foundation
import JSON
import Synchronization
import TestSupport

/// Somebody registers an app and deploys it, and insists until it is done.
final class PointStory: Sendable {
    let service: ServiceProcess
    private let stage: CrashStage
    private let mail: Mail
    private let repositories: Repositories
    private let app: String
    private let state = Mutex((isOver: false, endedBy: Int32?.none))
    private static let pause = Duration.milliseconds(20)
    /// Between two looks at the journal, which cost more.
    private static let longPause = Duration.milliseconds(100)
    /// Before somebody asks again who was told to come back later.
    private static let patience = Duration.milliseconds(300)

    init(_ stage: CrashStage, app: String) async throws {
        self.stage = stage
        self.app = app
        service = ServiceProcess(stage)
        mail = Mail(stage)
        repositories = try await Repositories(stage)
    }

    /// Everything was seen to come to its end.
    var isOver: Bool { state.withLock { $0.isOver } }
    /// With which exit code the first life ended by itself.
    var endedBy: Int32? { state.withLock { $0.endedBy } }

    func noteEnd() { state.withLock { $0.endedBy = service.exitCode } }

    // MARK: what people do

    /// Until the end is seen, or the task is cancelled.
    func live() async throws {
        guard try await service.waitUntilReady() else { return }
        try await ask("register \(app)")
        try await wait { hasSaid("is registered") }
        try await ask("deploy \(app) test main")
        try await wait { hasSaid("is live on") }
        // What is written down last: what GitHub was told.
        try await wait { isTold }
        _ = try await quiet(until: .now + .seconds(30))
        state.withLock { $0.isOver = true }
    }

    private func hasSaid(_ words: String) -> Bool {
        stage.slack.calls.all.contains { $0.outcome == "ok" && $0.arguments["text"]?.string?.contains(words) == true }
    }

    private var isTold: Bool {
        guard let name = stage.repositories[app]?.fullName else { return false }
        let last = stage.github.deployments(of: name).first?["statuses"]?.array?.last?["state"]
        return last == "success" && stage.github.checkRuns(of: name).first?["status"] == "completed"
    }

    /// Types it again and again until it is taken, or was done before.
    private func ask(_ text: String) async throws {
        while true {
            try Task.checkCancellation()
            guard service.isRunning else { throw CancellationError() }
            let letter = mail.command(text, app: app)
            await mail.send(letter)
            switch mail.fate(of: letter) {
            case .acknowledged?: return
            case .refused(let answer)? where answer.contains("is registered already"): return
            default: try await Task.sleep(for: Self.patience)
            }
        }
    }

    private func wait(_ condition: () throws -> Bool) async throws {
        while try !condition() {
            guard service.isRunning else { throw CancellationError() }
            try await Task.sleep(for: Self.pause)
        }
    }

    // MARK: what must hold

    /// Right after the service is gone.
    func promises() throws -> [String] {
        guard let journal = try JournalCopy(of: stage.state, in: stage.directory) else {
            return mail.orders.filter(\.isAcknowledged).map { "\($0.key) was acknowledged, and is lost with the journal" }
        }
        var proof = Proof(stage, mail, journal, steadyApps: [])
        proof.checkPromises()
        return proof.violations
    }

    /// A start without faults: what is missing is asked for again, and all comes to its end.
    func secondLife(atMost limit: Duration, _ mode: FaultMode) async throws -> [String] {
        try service.launch()
        guard try await service.waitUntilReady() else { return ["it does not start again"] }
        let deadline = ContinuousClock.now + limit
        // What was deployed when the disk failed may have failed, and then people were told so.
        let isPromised = mail.orders.contains { $0.text.hasPrefix("register") && $0.isAcknowledged }
        if !isPromised { try await ask("register \(app)") }
        var quiet = try await quiet(until: deadline)
        if quiet?.apps.contains(app) != true {
            try await ask("register \(app)")
            quiet = try await self.quiet(until: deadline)
        }
        if quiet?.operations.contains(where: { $0.kind == "deploy" && $0.state == "succeeded" }) != true {
            try await ask("deploy \(app) test main")
            quiet = try await self.quiet(until: deadline)
        }
        guard quiet != nil else { return ["not all came to its end within \(limit)"] }
        await service.kill()
        guard let journal = try JournalCopy(of: stage.state, in: stage.directory) else { return ["the journal is gone"] }
        var proof = Proof(
            stage, mail, journal, contents: await repositories.contents, steadyApps: mode.fails ? [] : [app])
        try await proof.checkEnd()
        let isLive = journal.operations.contains { $0.kind == "deploy" && $0.state == "succeeded" }
        return proof.violations + (isLive ? [] : ["the app can't be deployed any more"])
    }

    private func quiet(until deadline: ContinuousClock.Instant) async throws -> JournalCopy? {
        while ContinuousClock.now < deadline {
            if let copy = try? JournalCopy(of: stage.state, in: stage.directory), copy.isQuiet { return copy }
            guard service.isRunning else { throw TestFailure("the service ended by itself") }
            try await Task.sleep(for: Self.longPause)
        }
        return nil
    }
}
