import Deploys
import Foundation
import Store
import Synchronization
import TestSupport
import XCTest

/// A worker on a real journal, amid a world that a test scripts.
struct Bench: Sendable {
    let directory: URL
    let journal: SQLiteJournal
    let world: World
    let signals = Signals()
    let log = LogLines()
    var limits: WorkLimits
    var policy = WorkPolicy()

    static let noon = Date(timeIntervalSinceReferenceDate: 800_000_000)
    static let room = "#iterapp-logs"
    static let kari = Person(id: "U1", name: "kari")

    init(_ directory: URL, world: World = World()) async throws {
        self.directory = directory
        self.world = world
        journal = try await SQLiteJournal.open(directory) { Self.noon }
        limits = WorkLimits()
        limits.sourcePause = .milliseconds(1)
        limits.journalPause = .milliseconds(1)
        limits.maxSiteWait = .zero
    }

    /// The same journal in another world.
    init(continuing bench: Bench, in world: World) {
        directory = bench.directory
        journal = bench.journal
        limits = bench.limits
        policy = bench.policy
        self.world = world
    }

    static func with(
        limits change: (inout WorkLimits) -> Void = { _ in },
        policy changePolicy: (inout WorkPolicy) -> Void = { _ in }, _ body: (Bench) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            var bench = try await Bench(directory)
            change(&bench.limits)
            changePolicy(&bench.policy)
            try await body(bench)
            await bench.journal.close()
        }
    }

    /// With `cats` live on test, and nothing left to tell of it.
    static func withDeployedApp(_ body: (Bench) async throws -> Void) async throws {
        try await with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            _ = try await bench.delivered()
            try await body(bench)
        }
    }

    // MARK: Asking

    var naming: Naming {
        Naming(
            defaultOrganisation: "iterate",
            domains: .init(prod: "{app}.app.iterate.no", test: "{app}.test.iterate.no", snap: "{env}.{app}.app.iterate.no"),
            externalDomains: .init(
                prod: "{app}.app.iterapp.no", test: "{app}.test.iterapp.no", snap: "{env}.{app}.app.iterapp.no"))
    }

    var channels: ChannelPolicy { ChannelPolicy(logChannel: Self.room, commandChannels: ["#cats", "C0DOGS"]) }

    func intake(
        _ gate: any Gate = OpenGate(), at date: Date = noon, in journal: (any Journal)? = nil,
        room: DiskRoom = DiskRoom()
    ) -> Intake {
        Intake(
            journal: journal ?? self.journal, gate: gate, naming: naming, channels: channels, signals: signals,
            room: room, now: { date })
    }

    func desk(_ journal: (any Journal)? = nil) -> CommandDesk { CommandDesk(intake(in: journal), info()) }

    /// What is known of the cluster is nothing, unless a test says so.
    func info(_ health: any EnvironmentHealth = UnknownHealth(), now: Date = noon) -> InfoDesk {
        InfoDesk(journal: journal, health: health, naming: naming, logChannel: channels.logChannel, now: { now })
    }

    var pushes: PushDesk { PushDesk(intake()) }

    func sender(
        in channel: String = "iterapp-logs", by person: Person = kari, button: Bool = false, key: String? = nil,
        delivery: String? = nil
    ) -> Sender {
        Sender(
            person: person, place: .channel(id: "C0ROOM", name: channel), pressedButton: button,
            deduplicationKey: key, delivery: delivery)
    }

    /// A command that must be accepted.
    func command(_ text: String, file: StaticString = #filePath, line: UInt = #line) async {
        let answer = await desk().answer(text, from: sender())
        XCTAssertEqual(answer.outcome, .accepted, answer.text, file: file, line: line)
    }

    /// - Parameter before: nil for where the branch is known to be.
    @discardableResult
    func push(
        _ commit: Commit, to branch: String = "main", app: String = "cats", before: CommitID? = nil
    ) async throws -> PushDesk.Decision {
        let id = AppID(organisation: "iterate", name: app)
        let known = try await journal.knownHead(of: branch, app: id)?.commit
        return try await pushes.take(
            Push(
                repository: SourceRepository(id: nil, name: id), branch: branch,
                before: before ?? known, commit: commit, defaultBranch: "main", trigger: .push(by: "ada"),
                deliveryID: UUID().uuidString))
    }

    /// As the worker would, without one.
    func register(_ apps: String..., defaultEnvironment: EnvironmentName? = .test) async throws {
        for name in apps {
            let id = AppID(organisation: "iterate", name: name)
            let request = OperationRequest(
                kind: .register, app: id, environment: nil, revision: nil, trigger: .command(Person(id: "U0", name: "x")),
                channel: "#elsewhere", deduplicationKey: nil)
            _ = try await journal.accept(request, at: Self.noon, notices: { _, _ in [] }, superseding: { _, _ in [] })
            var operation = try await XCTUnwrapAsync(try await journal.claim(at: Self.noon))
            operation.state = .succeeded
            let app = App(id: id, defaultBranch: "main", defaultEnvironment: defaultEnvironment)
            try await journal.settle(operation, .registered(app), notices: [])
        }
    }

    // MARK: Working

    func ports(_ change: (inout Ports) -> Void = { _ in }) -> Ports {
        var ports = Ports(
            journal: ScriptedJournal(journal: journal, world: world), source: world, builder: world, buildLogs: world,
            cluster: world, sites: world, now: { Self.noon.addingTimeInterval(60) }, log: log.log)
        change(&ports)
        return ports
    }

    func start(_ change: (inout Ports) -> Void = { _ in }) -> Task<Void, Never> {
        let worker = Worker(ports: ports(change), naming: naming, signals: signals, limits: limits, policy: policy)
        return Task { await worker.run() }
    }

    /// Runs a worker until that many operations were settled, and stops it.
    func work(until settled: Int, _ change: (inout Ports) -> Void = { _ in }) async throws {
        let work = start(change)
        try await world.waitFor("end settle", times: settled)
        await stop(work)
    }

    func stop(_ work: Task<Void, Never>) async {
        work.cancel()
        await work.value
    }

    // MARK: Seeing

    func operation(_ number: Int64) async throws -> Deploys.Operation {
        try await XCTUnwrapAsync(try await journal.operation(OperationID(number)))
    }

    /// Delivers what waits in the log channel and tells what it was: what is posted, then what is edited.
    func delivered() async throws -> [NoticeDraft] {
        var drafts: [NoticeDraft] = []
        while case .notice(let notice) = try await journal.nextPost(in: Self.room, at: Self.noon) {
            // The worker may be telling something newer meanwhile.
            guard try await journal.begin(notice, at: Self.noon) else { continue }
            drafts.append(notice.draft)
            try await journal.delivered(notice, as: MessageReference(channel: "C1", timestamp: "\(notice.id)"))
        }
        while case .notice(let notice) = try await journal.nextEdit(at: Self.noon) {
            drafts.append(notice.draft)
            try await journal.delivered(notice, as: notice.liveMessage)
        }
        return drafts
    }

    /// How often people were notified of an operation's end, when the first they hear of it is `drafts`: by the post
    /// of the live message, or, where that came before, by an announcement.
    func notifications(of drafts: [NoticeDraft]) -> Int {
        let isEndPosted = drafts.first { $0.isLive }.map { if case .live(let report) = $0 { report.operation.isFinished } else { false } }
        return drafts.count(where: \.isAnnouncement) + (isEndPosted == true ? 1 : 0)
    }

    /// The failure that people were told of last.
    func announcedFailure() async throws -> Failure {
        let failures = try await delivered().compactMap(\.failure)
        return try XCTUnwrap(failures.last, "no failure was announced")
    }

    /// The failure that people read last, announced or not.
    func toldFailure() async throws -> Failure {
        let told = try await delivered()
        return try XCTUnwrap(told.compactMap(\.failure).last, "nobody was told of a failure")
    }
}

func XCTUnwrapAsync<T>(
    _ value: T?, file: StaticString = #filePath, line: UInt = #line
) async throws -> T {
    try XCTUnwrap(value, file: file, line: line)
}

/// What the operator would read.
final class LogLines: Sendable {
    private let kept = Mutex<[String]>([])
    var log: Log { Log { [self] level, line in kept.withLock { $0.append("\(level.rawValue) \(line)") } } }
    var lines: [String] { kept.withLock { $0 } }
}

extension NoticeDraft {
    var phase: Phase? {
        switch self {
        case .live(let report), .announcement(let report): report.phase
        case .detail, .file: nil
        }
    }

    var failure: Failure? { if case .failed(let failure)? = phase { failure } else { nil } }
    var isLive: Bool { if case .live = self { true } else { false } }
    var isAnnouncement: Bool { if case .announcement = self { true } else { false } }
    var title: String? { if case .detail(let title, _) = self { title } else { nil } }
}
