import Deploys
import Foundation

/// Values that messages are made of.
struct Samples {
    /// 2026-11-21 12:00 UTC
    static let noon = Date(timeIntervalSince1970: 1_795_262_400)
    static let ann = Person(id: "U0ANN00001", name: "ann")
    static let bob = Person(id: "U0BOB00001", name: "bob")

    /// What others chose: everything that a name, a subject or a sentence is put together of.
    var app = "cats"
    var subject = "Let the cats out at night"
    var branch = "main"
    var pusher = "Cat Keeper"
    var words = "Waiting for cats.cool to point to 35.195.169.101"
    var note: String?
    var count = 3
    var appCount = 200

    static func after(_ seconds: TimeInterval) -> Date { noon.addingTimeInterval(seconds) }

    func commit(_ digit: String = "a") -> Commit {
        let sha = String(repeating: "\(digit)1b2c3d4", count: 5)
        return Commit(
            id: CommitID(sha)!, subject: subject, author: pusher,
            url: "https://github.com/iterate/cats/commit/\(sha)")
    }

    func operation(
        _ kind: Deploys.Operation.Kind = .deploy, _ environment: EnvironmentName? = .test,
        _ state: Deploys.Operation.State = .running, by trigger: Trigger = .command(ann), took seconds: Double = 123,
        approval: Approval? = nil, cancelledBy: Person? = nil, isKnown: Bool = true
    ) -> Deploys.Operation {
        let isFinished = state != .queued && state != .running
        return Deploys.Operation(
            id: OperationID(42), kind: kind, app: AppID(organisation: "iterate", name: "cats"),
            environment: environment, revision: kind == .repair ? nil : Revision(branch), trigger: trigger,
            channel: "#iterapp-logs", state: state,
            commit: isKnown && kind != .register && kind != .deregister ? commit() : nil,
            buildNumber: isKnown && kind != .register && kind != .deregister ? 7 : nil,
            releaseNumber: isKnown && environment != nil ? 12 : nil, approval: approval, cancelledBy: cancelledBy,
            note: note, createdAt: Self.after(-5), startedAt: state == .queued ? nil : Self.noon,
            finishedAt: isFinished ? Self.after(seconds) : nil)
    }

    func report(
        _ phase: Phase, _ operation: Deploys.Operation? = nil, steps: [NextStep]? = nil, sequels: [Sequel]? = nil,
        log: Bool = true, overtaken: Int? = nil, warnings: Int = 0
    ) -> Report {
        var report = Report(
            operation: operation ?? self.operation(), appLabel: app, phase: phase, warnings: warnings)
        report.steps = steps
        report.sequels = sequels
        report.logURL = log ? "https://iterapp.iterate.no/operations/42" : nil
        report.overtakenCount = overtaken
        return report
    }

    var site: Site { Site(url: "https://cats.test.iterate.no/") }
    var waitingSite: Site { Site(url: "https://cats.cool/", waitingFor: words) }

    func release(_ number: Int = 12, _ digit: String = "a") -> LiveRelease {
        LiveRelease(
            number: number, commit: commit(digit), buildNumber: 7, revision: Revision(branch),
            since: Self.after(-86_400), trigger: .command(Self.ann))
    }

    func environment(
        _ name: EnvironmentName, pods: ReadyPods? = ReadyPods(ready: 2, wanted: 2), isLive: Bool = true,
        certificate: CertificateStatus = .inOrder, sites: [Site]? = nil, tasks: [ScheduledTask] = [],
        underWay: Deploys.Operation? = nil, failed: Deploys.Operation? = nil
    ) -> EnvironmentStatus {
        EnvironmentStatus(
            environment: name, release: isLive ? release() : nil, previousRelease: isLive ? 11 : nil,
            pods: isLive ? pods : nil, certificate: isLive ? certificate : .unknown, sites: sites ?? [site],
            tasks: tasks, underWay: underWay, failed: failed)
    }

    var taskFailure: TaskFailure {
        TaskFailure("POST /clean failed: status 500 after 20.1 s and 3 attempts (before: \(words))", lines: [words])
    }

    /// - Parameter hasFailed: nil for one that has not run.
    func task(_ label: String, hasFailed: Bool? = false) -> ScheduledTask {
        ScheduledTask(
            .init(namespace: "apps-cats-test", name: "cats-\(label)"), label: label,
            lastRun: hasFailed.map { .init(at: Self.after(-3_600), failure: $0 ? taskFailure : nil) })
    }

    func status(_ environments: [EnvironmentStatus], name: String? = nil, team: String? = "felines") -> AppStatus {
        let label = name ?? app
        return AppStatus(
            app: App(
                id: AppID(organisation: "iterate", name: "cats"), defaultBranch: branch, defaultEnvironment: .test),
            label: label, team: team, environments: environments)
    }

    /// One of each kind of trouble.
    var troubledStatus: AppStatus {
        status([
            environment(.prod),
            environment(
                .test, pods: ReadyPods(ready: 1, wanted: 2), certificate: .waiting(words),
                sites: [site, waitingSite],
                tasks: [task("clean", hasFailed: true), task("mail"), task("once-a-year", hasFailed: nil)],
                underWay: operation(.push, .test, by: .push(by: pusher))),
            environment(
                EnvironmentName(parsing: "snap0")!, pods: ReadyPods(ready: 0, wanted: 1), certificate: .trouble(words),
                sites: [], failed: operation(.deploy, .test, .failed)),
            environment(EnvironmentName(parsing: "snap1")!, isLive: false, sites: [], underWay: operation()),
        ])
    }

    func preview(_ step: NextStep, current: LiveRelease?, count: Int?, needsApproval: Bool = false) -> Preview {
        preview(.step(step, on: OperationID(42)), current: current, count: count, needsApproval: needsApproval)
    }

    /// Hostile words may be no name of a branch.
    var revision: Revision { Revision(branch) ?? Revision("main")! }

    /// - Parameter isKnown: whether it was found out which commit would go.
    func preview(
        _ subject: Preview.Subject, isKnown: Bool = true, current: LiveRelease?, count: Int?,
        needsApproval: Bool = false
    ) -> Preview {
        Preview(
            subject: subject, label: app, environment: .prod,
            target: isKnown ? .commit(commit()) : .revision(revision), current: current,
            changes: (0..<(min(count ?? 0, self.count))).map { commit("\($0 % 10)") }, changeCount: count,
            needsApproval: needsApproval)
    }

    func entry(
        _ kind: Deed.Kind, _ environment: EnvironmentName? = nil, by trigger: Trigger = .command(ann),
        from place: Place? = .channel(id: "C0LOGS0001", name: "iterapp-logs"), isRefused: Bool = false,
        reason: String? = nil, after seconds: Double = 0
    ) -> AuditEntry {
        AuditEntry(
            date: Self.after(seconds), trigger: trigger, place: place,
            deed: Deed(kind, AppID(organisation: "iterate", name: "cats"), environment),
            revision: environment == nil ? nil : Revision(branch), decision: isRefused ? .refused : .accepted,
            reason: reason, operation: isRefused ? nil : OperationID(42))
    }
}
