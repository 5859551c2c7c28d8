import AppFile
import XCTest

@testable import Deploys

/// What a commit's page says in each phase of each kind of operation.
final class CommitMarkTests: XCTestCase {
    func testAPushFromItsBeginningToItsEnd() {
        let push = Self.operation(.push)
        XCTAssertEqual(Self.words(push, .queued(ahead: 2)), ["check queued: Queued", "(deployment queued)"])
        XCTAssertEqual(Self.words(push, .preparing), ["check in progress: Building", "(deployment pending)"])
        let building = Phase.building([ApplingBuild(name: "", state: .building)])
        XCTAssertEqual(
            Self.mark(push, building)?.check, Self.mark(push, .preparing)?.check, "nothing to tell in between")
        XCTAssertEqual(
            Self.words(push, .interrupted), ["check queued: Interrupted", "(deployment queued)"])
        let built = Self.built(push)
        XCTAssertEqual(
            Self.words(built, .applying, Self.made),
            ["check success: Build 7 succeeded", "deployment in_progress: Release #3 rolls out."])
        XCTAssertEqual(
            Self.mark(built, .rollingOut(ready: 1, wanted: 2), Self.made), Self.mark(built, .applying, Self.made))
        XCTAssertEqual(
            Self.words(built, .interrupted, Self.made)[0], "check success: Build 7 succeeded", "it stays built")
        XCTAssertEqual(
            Self.words(built, Self.live, Self.made), [
                "check success: Build 7 succeeded",
                "deployment success: Release #3 is live. at https://cats.test.example/",
            ])
        var replaced = Self.made
        replaced.replacedBy = 4
        XCTAssertEqual(
            Self.words(built, Self.live, replaced)[1], "(deployment inactive) at https://cats.test.example/")
        XCTAssertEqual(Self.mark(built, Self.live, replaced)?.deployment?.description, "Release #4 took its place.")
    }

    func testAPushThatIsOvertakenNamesTheNewerOne() throws {
        let newer = Commit(
            id: try XCTUnwrap(CommitID(String(repeating: "b", count: 40))), subject: "Newer", author: "Kari")
        let mark = try XCTUnwrap(Self.mark(Self.operation(.push), .superseded(by: newer)))
        XCTAssertEqual(mark.check?.state, .completed(.skipped))
        XCTAssertEqual(mark.check?.title, "Overtaken by a newer push")
        XCTAssertEqual(
            mark.check?.paragraphs.first,
            "This commit was not built: before its turn came, there was a newer push to `main`: "
                + "\(newer.id.sha) (Newer).")
        XCTAssertEqual(mark.check?.begins, true)
        XCTAssertEqual(mark.deployment?.begins, false)
        var begun = Self.operation(.push)
        begun.buildNumber = 7
        begun.state = .superseded
        XCTAssertEqual(
            Self.mark(begun, .superseded(by: newer))?.check?.paragraphs.first,
            "The build of this commit was stopped, because there was a newer push to `main`: "
                + "\(newer.id.sha) (Newer).")
        XCTAssertEqual(
            Self.words(Self.operation(.push), .superseded(by: nil)),
            ["check skipped: Its branch was deleted", "(deployment inactive)"])
    }

    func testFailures() {
        let push = Self.operation(.push)
        XCTAssertEqual(
            Self.words(push, .failed(Failure(.settings, "The settings have an error: x"))),
            ["check failure: The settings have to be corrected", "(deployment failure)"])
        XCTAssertEqual(
            Self.words(push, .failed(Failure(.source, "The commit is gone"))),
            ["check failure: The commit can't be read", "(deployment failure)"])
        let failed = BuildError.failed(sentence: "`RUN make` failed", tail: ["x"]).failure(
            appling: "web", others: ["api"])
        let started = Self.built(push, release: nil)
        var making = CommitFacts()
        making.madeBuild = true
        let check = Self.mark(started, .failed(failed), making)?.check
        XCTAssertEqual(check?.state, .completed(.failure))
        XCTAssertEqual(check?.logs, CheckMark.Logs(build: 7, applings: ["web", "api"]))
        XCTAssertEqual(check?.completedAt, Self.noon.addingTimeInterval(60))
        let slow = BuildError.timedOut(afterSeconds: 1_800, tail: []).failure(appling: "", others: [])
        XCTAssertEqual(
            Self.words(started, .failed(slow), making)[0], "check timed_out: The build took too long")
        let serving = ServiceWords.adding(serving: 2, to: slow)
        XCTAssertEqual(serving.build?.isTimedOut, true)
        XCTAssertEqual(Failure(.build, "x").withoutEvidence, Failure(.build, "x"))
        // The image is there, and what went wrong is the deploy.
        XCTAssertEqual(
            Self.words(Self.built(push), .failed(Failure(.rollOut, "`web` crashes")), Self.made),
            ["check success: Build 7 succeeded", "deployment failure: `web` crashes"])
        XCTAssertEqual(
            Self.words(Self.built(push), .failed(Failure(.service, "Something went wrong")), Self.made)[1],
            "deployment error: Something went wrong")
        XCTAssertEqual(
            Self.words(Self.built(push), .puttingBack(release: 2, ready: 0, wanted: 1), Self.made)[1],
            "deployment in_progress: It failed; release #2 is brought back.")
    }

    func testEndsThatPeopleBringAbout() {
        let held = Self.built(Self.operation(.push), release: nil)
        XCTAssertEqual(
            Self.words(held, .awaitingApproval(of: [.person("U1")]), Self.made), [
                "check action_required: Built; waits for approval",
                "deployment pending: Waits for somebody's approval, in the chat.",
            ])
        let kari = Person(id: "U1", name: "kari")
        for (phase, description) in [
            (Phase.declined(by: kari), "Its deploy was declined"), (.lapsed, "Nobody approved its deploy in time"),
            (.cancelled(by: kari, aftermath: nil), "Cancelled"),
        ] {
            XCTAssertEqual(
                Self.words(held, phase, Self.made), ["check success: Build 7 succeeded", "(deployment inactive)"])
            XCTAssertEqual(Self.mark(held, phase, Self.made)?.deployment?.description, description)
        }
        XCTAssertEqual(
            Self.words(Self.operation(.push), .cancelled(by: kari, aftermath: nil))[0], "check cancelled: Cancelled")
    }

    func testADeployHasACheckOnlyIfItBuilds() {
        let deploy = Self.operation(.deploy)
        XCTAssertEqual(
            Self.words(deploy, .queued(ahead: 0)),
            ["(check queued: Queued)", "deployment queued: Waits for its turn."])
        var ready = CommitFacts()
        ready.isBuilt = true
        XCTAssertEqual(
            Self.words(Self.built(deploy), Self.live, ready)[0], "(check success: Build 7 succeeded)")
        XCTAssertEqual(Self.mark(Self.built(deploy), Self.live, ready)?.check?.logs, nil, "another one's")
        XCTAssertEqual(Self.words(Self.built(deploy), Self.live, Self.made)[0], "check success: Build 7 succeeded")
        XCTAssertEqual(
            Self.words(deploy, .failed(Failure(.settings, "x")))[0], "check failure: The settings have to be corrected")
        let build = Self.operation(.build)
        XCTAssertNil(Self.mark(build, .built, Self.made)?.deployment, "its environment is only offered")
        XCTAssertEqual(Self.words(Self.built(build, release: nil), .built, Self.made)[0], "check success: Build 7 succeeded")
    }

    func testSomeReportsSayNothingAboutACommit() {
        XCTAssertNil(Self.mark(Self.operation(.push, commit: nil), .queued(ahead: 0)))
        XCTAssertNil(Self.mark(Self.operation(.register), .registered(defaultBranch: "main")))
        XCTAssertNil(Self.mark(Self.operation(.repair), .repaired([])))
        XCTAssertNil(Self.mark(Self.operation(.deploy), .certificateRecovered(hosts: [])))
        XCTAssertNil(Self.mark(Self.operation(.deploy), .taskFailed("clean", TaskFailure("x"), at: Bench.noon)))
        XCTAssertNil(Self.mark(Self.operation(.deploy), .taskRecovered("clean", at: Bench.noon)))
    }

    func testEnvironments() throws {
        func deployment(_ name: String) throws -> DeploymentMark {
            let environment = try XCTUnwrap(EnvironmentName(parsing: name))
            return try XCTUnwrap(Self.mark(Self.operation(.deploy, environment), .applying)?.deployment)
        }
        XCTAssertTrue(try deployment("prod").isProduction)
        XCTAssertFalse(try deployment("prod").isTransient)
        XCTAssertTrue(try deployment("snap3").isTransient)
        XCTAssertFalse(try deployment("test").isProduction)
        XCTAssertFalse(try deployment("test").isTransient)
    }

    func testProblemsAreKeptWithTheReportErrorsFirst() {
        var report = Report(operation: Self.operation(.push), appLabel: "cats", phase: .preparing)
        let problems = (1...150).map { number in
            Problem(
                path: "iterapp.toml", line: number, column: 2, severity: number > 100 ? .error : .warning,
                message: "Problem \(number)")
        }
        report.set(problems)
        XCTAssertEqual(report.problems?.count, 100)
        XCTAssertEqual(report.problems?.first?.line, 101)
        let failed = Report(
            operation: Self.operation(.push), appLabel: "cats", phase: .failed(Failure(.settings, "x", evidence: ["y"])))
        XCTAssertEqual(report.followed(by: failed).withoutEvidence.problems, report.problems)
        XCTAssertEqual(CommitMark(report, CommitFacts())?.check?.problems.count, 100)
        XCTAssertEqual(report.stopping(by: Person(id: "U1", name: "kari")).problems, report.problems)
    }

    func testTheDigestTellsNewsFromNone() throws {
        let push = Self.built(Self.operation(.push))
        let first = try XCTUnwrap(Self.mark(push, .applying, Self.made))
        let same = try XCTUnwrap(Self.mark(push, .rollingOut(ready: 1, wanted: 3), Self.made))
        let next = try XCTUnwrap(Self.mark(push, Self.live, Self.made))
        for kind in CommitPart.Kind.allCases {
            XCTAssertEqual(first.part(kind)?.digest, same.part(kind)?.digest)
        }
        XCTAssertNotEqual(first.part(.deployment)?.digest, next.part(.deployment)?.digest)
        XCTAssertEqual(first.part(.check)?.digest, next.part(.check)?.digest, "the build is over since long")
    }

    // MARK: Material

    static let noon = Date(timeIntervalSinceReferenceDate: 800_000_000)
    static let live = Phase.live([Site(url: "https://cats.test.example/"), Site(url: "https://cats.example/")])
    /// Its build is its own, and complete.
    static var made: CommitFacts {
        var facts = CommitFacts()
        (facts.madeBuild, facts.isBuilt) = (true, true)
        return facts
    }

    static let commit = CommitID(String(repeating: "a", count: 40)).map {
        Commit(id: $0, subject: "Feed the cats", author: "Kari")
    }

    static func operation(
        _ kind: Deploys.Operation.Kind, _ environment: EnvironmentName = .test, commit: Commit? = commit
    ) -> Deploys.Operation {
        Operation(
            id: OperationID(12), kind: kind, app: AppID(organisation: "iterate", name: "cats"),
            environment: environment, revision: Revision("main"), trigger: .push(by: "kari"), channel: "#iterapp-logs",
            state: .running, commit: commit, createdAt: noon, startedAt: noon, finishedAt: noon.addingTimeInterval(60))
    }

    static func built(_ operation: Deploys.Operation, release: Int? = 3) -> Deploys.Operation {
        var operation = operation
        (operation.buildNumber, operation.releaseNumber) = (7, release)
        return operation
    }

    static func mark(
        _ operation: Deploys.Operation, _ phase: Phase, _ facts: CommitFacts = CommitFacts()
    ) -> CommitMark? {
        CommitMark(Report(operation: operation, appLabel: "cats", phase: phase), facts)
    }

    /// What does not begin an entry stands in parentheses.
    static func words(
        _ operation: Deploys.Operation, _ phase: Phase, _ facts: CommitFacts = CommitFacts()
    ) -> [String] {
        guard let mark = mark(operation, phase, facts) else { return [] }
        var words: [String] = []
        if let check = mark.check {
            let state = switch check.state {
            case .queued: "queued"
            case .inProgress: "in progress"
            case .completed(let conclusion): conclusion.rawValue
            }
            let text = "check \(state): \(check.title)"
            words.append(check.begins ? text : "(\(text))")
        }
        if let deployment = mark.deployment {
            let text = "deployment \(deployment.state.rawValue)"
            words.append(
                (deployment.begins ? "\(text): \(deployment.description)" : "(\(text))")
                    + (deployment.environmentURL.map { " at \($0)" } ?? ""))
        }
        return words
    }
}
