import Foundation
import XCTest

@testable import Deploys

/// What is registered and what runs where, for one reader.
final class InfoDeskTests: XCTestCase {
    private let ada = Person(id: "U2", name: "ada")

    /// What is known of each namespace.
    private struct Health: EnvironmentHealth {
        var known: [String: NamespaceHealth]
        func health(of namespaces: [String]) -> [String: NamespaceHealth] {
            known.filter { namespaces.contains($0.key) }
        }
    }

    /// Lets nobody do anything, and knows whose apps are whose.
    private struct Teams: Gate {
        var apps: [String: [AppID]] = [:]
        func ruling(on deed: Deed, by person: Person, from place: Place) -> Ruling { .refused("No.") }
        func team(of app: AppID) -> String? { apps.values.contains { $0.contains(app) } ? "felines" : nil }
        func apps(of person: Person) -> [AppID] { apps[person.id] ?? [] }
    }

    private func desk(_ bench: Bench, _ gate: any Gate = OpenGate(), health: [String: NamespaceHealth] = [:]) -> InfoDesk {
        InfoDesk(
            journal: bench.journal, health: Health(known: health), gate: gate, naming: bench.naming,
            logChannel: Bench.room, now: { Bench.noon.addingTimeInterval(7_200) })
    }

    private func app(_ name: String) -> AppID { AppID(organisation: "iterate", name: name) }

    private func labels(_ apps: [AppStatus]) -> [String] { apps.map(\.label) }

    func testTheReadersAppsComeFirst() async throws {
        try await Bench.with { bench in
            try await bench.register("ants", "bats", "cats", "dogs", "eels", "foxes")
            await bench.command("deploy eels test main")
            await bench.command("build cats main")
            let desk = desk(bench, Teams(apps: ["U1": [app("bats"), app("cats")]]))
            let list = try await desk.apps(for: Bench.kari)
            XCTAssertEqual(labels(list.apps), ["cats", "eels", "bats", "ants", "dogs", "foxes"])
            XCTAssertEqual(list.ownCount, 3)
            XCTAssertEqual(list.apps.map(\.team), ["felines", nil, "felines", nil, nil, nil])
            let own = try await desk.ownApps(for: Bench.kari)
            XCTAssertEqual(labels(own.apps), ["cats", "eels", "bats"])
            let stranger = try await desk.ownApps(for: ada)
            XCTAssertEqual(labels(stranger.apps), ["ants", "bats", "cats", "dogs", "eels", "foxes"], "better all than none")
            XCTAssertEqual(stranger.ownCount, 0)
            let lost = try await desk.home(for: ada)
            XCTAssertEqual(labels(lost.own), [], "which is said there")
            XCTAssertEqual(lost.otherCount, 6)
            let home = try await desk.home(for: Bench.kari)
            XCTAssertEqual(labels(home.own), ["cats", "eels", "bats"])
            XCTAssertEqual(home.otherCount, 3)
            XCTAssertEqual(home.logChannel, "#iterapp-logs")
        }
    }

    func testWhatWasTouchedLongAgoIsNobodysOwn() async throws {
        try await Bench.with { bench in
            try await bench.register("ants", "bats", "cats", "dogs", "eels", "foxes")
            await bench.command("build cats main")
            func desk(_ days: Double) -> InfoDesk { bench.info(now: Bench.noon.addingTimeInterval(days * 86_400)) }
            let soon = try await desk(29).apps(for: Bench.kari)
            XCTAssertEqual(soon.ownCount, 1)
            let late = try await desk(31).apps(for: Bench.kari)
            XCTAssertEqual(late.ownCount, 0)
            let help = await desk(31).help(nil, for: Bench.kari)
            XCTAssertEqual(help.app, "cats", "good enough for an example")
        }
    }

    func testOfFewAppsAllAreShown() async throws {
        try await Bench.with { bench in
            try await bench.register("ants", "bats")
            await bench.command("build bats main")
            let own = try await desk(bench).ownApps(for: Bench.kari)
            XCTAssertEqual(labels(own.apps), ["bats", "ants"])
            XCTAssertEqual(own.ownCount, 1)
            let home = try await desk(bench).home(for: Bench.kari)
            XCTAssertEqual(home.otherCount, 0)
        }
    }

    func testQuestionsAreAnsweredAnywhereAndForEverybody() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let commands = CommandDesk(bench.intake(Teams()), desk(bench, Teams()))
            for text in ["apps", "status", "STATUS cats", "help", ""] {
                let answer = await commands.answer(text, from: bench.sender(in: "general"))
                XCTAssertEqual(answer.outcome, .information, text)
                XCTAssertTrue(answer.text.contains("cats"), answer.text)
                XCTAssertNotNil(answer.page, text)
            }
            let more = await commands.answer("status cats prod", from: bench.sender())
            XCTAssertEqual(more.text, "I don't know what to do with `prod`.\nUsage: `/iterapp status [<app>]`")
            let unknown = await commands.answer("status catz", from: bench.sender())
            XCTAssertEqual(unknown.outcome, .refused)
            XCTAssertTrue(unknown.text.hasPrefix("`catz` is not registered. Did you mean `cats`?"), unknown.text)
        }
    }

    func testStatusAloneOfOneAppIsThatApp() async throws {
        try await Bench.with { bench in
            let none = await bench.desk().answer("status", from: bench.sender())
            XCTAssertEqual(none.text, StatusWords.noApps)
            try await bench.register("cats")
            let one = await bench.desk().answer("status", from: bench.sender())
            guard case .status(let status) = one.page else { return XCTFail("\(one)") }
            XCTAssertEqual(status.label, "cats")
            XCTAssertEqual(one.text, "*cats* is not deployed yet. `/iterapp deploy cats prod main` deploys it.")
            try await bench.register("dogs")
            let two = await bench.desk().answer("status", from: bench.sender())
            guard case .apps(let list) = two.page else { return XCTFail("\(two)") }
            XCTAssertEqual(labels(list.apps), ["cats", "dogs"])
        }
    }

    func testAStatusTellsAllThatIsKnown() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            await bench.command("deploy cats test sleepy")
            let healths = [
                "apps-cats-test": NamespaceHealth(
                    pods: ReadyPods(ready: 1, wanted: 2), certificate: .inOrder, tasks: tasks)
            ]
            let status = try await XCTUnwrapAsync(try await desk(bench, health: healths).status(of: app("CATS")))
            let environment = try XCTUnwrap(status.environments.first)
            XCTAssertEqual(environment.environment, .test)
            XCTAssertEqual(environment.pods, ReadyPods(ready: 1, wanted: 2))
            XCTAssertEqual(environment.certificate, .inOrder)
            XCTAssertEqual(environment.sites, [Site(url: "https://cats.test.iterate.no/")])
            XCTAssertEqual(environment.release?.number, 1)
            XCTAssertEqual(environment.release?.trigger, .command(Bench.kari))
            XCTAssertEqual(environment.underWay?.revision, Revision("sleepy"))
            let commit = try XCTUnwrap(environment.release?.commit)
            XCTAssertEqual(
                StatusWords.status(status, now: Bench.noon.addingTimeInterval(7_200)),
                """
                *cats*
                *test*: release #1, build 1, commit `\(commit.id.short)` `\(commit.subject)` of `main`, live for 1 hour, \
                deployed by <@U1>. 1 of 2 pods are ready. The certificate is in order. https://cats.test.iterate.no/ \
                The task `clean` ran 2 hours ago and failed: GET / failed: status 500. The task `mail` ran 1 hour ago. \
                The task `once` has not run yet. \
                Under way: a deploy of `sleepy`, begun 2 hours ago, asked for by <@U1>.
                """)
        }
    }

    /// What ran before stays true while the cluster is away, or another service looks after it.
    func testTasksThatNobodyCanLookAtAreToldAsTheyWere() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            func words(_ tasks: [ScheduledTask], _ seen: Sighting) async throws -> String {
                let health = NamespaceHealth(pods: nil, certificate: .inOrder, tasks: tasks, tasksSeen: seen)
                let status = try await desk(bench, health: ["apps-cats-test": health]).status(of: app("cats"))
                let all = StatusWords.status(try XCTUnwrap(status), now: Bench.noon.addingTimeInterval(7_200))
                return try XCTUnwrap(all.components(separatedBy: "https://cats.test.iterate.no/").last)
            }
            let (known, last) = (tasks[1], Sighting.last(Bench.noon.addingTimeInterval(3_600)))
            let (away, never) = (try await words([known], last), try await words([], .never))
            XCTAssertEqual(
                away,
                " The task `mail` ran 1 hour ago. Newer runs are not known; tasks were looked at last 1 hour ago.")
            XCTAssertEqual(never, " Whether scheduled tasks run is not known at the moment.")
            let (without, now) = (try await words([], last), try await words([], .now))
            XCTAssertEqual([without, now], ["", ""], "nobody who has no tasks is told about them")
        }
    }

    private var tasks: [ScheduledTask] {
        let runs: [(String, ScheduledTask.Run?)] = [
            ("clean", .init(at: Bench.noon, failure: TaskFailure("GET / failed: status 500."))),
            ("mail", .init(at: Bench.noon.addingTimeInterval(3_600))), ("once", nil),
        ]
        return runs.map { label, run in
            ScheduledTask(.init(namespace: "apps-cats-test", name: "cats-\(label)"), label: label, lastRun: run)
        }
    }

    func testWithoutTheClusterTheRestIsTold() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let status = try await XCTUnwrapAsync(try await bench.info().status(of: app("cats")))
            XCTAssertEqual(status.environments.map(\.pods), [nil])
            XCTAssertEqual(status.environments.map(\.certificate), [.unknown])
            XCTAssertEqual(status.environments.map(\.release?.number), [1])
        }
    }

    func testATroubleThatWasToldIsKnownWithoutTheCluster() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            let certificate = CertificateName(namespace: "apps-cats-test", name: "cats")
            try await bench.journal.tell(
                [ToldTrouble(certificate, .failing)], about: try await bench.operation(2), at: Bench.noon, notices: [])
            let known = try await bench.info().status(of: app("cats"))
            XCTAssertEqual(known?.environments.map(\.certificate), [.trouble(StatusWords.trouble(.failing))])
            let healths = ["apps-cats-test": NamespaceHealth(pods: nil, certificate: .inOrder)]
            let seen = try await desk(bench, health: healths).status(of: app("cats"))
            XCTAssertEqual(seen?.environments.map(\.certificate), [.inOrder], "what is seen counts more")
        }
    }

    func testAClosedJournalIsSaidAndHelpComesAllTheSame() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            await bench.journal.close()
            for text in ["apps", "status", "status cats"] {
                let answer = await bench.desk().answer(text, from: bench.sender())
                XCTAssertEqual(answer.outcome, .unavailable)
                XCTAssertEqual(answer.text, "Iterapp can't look this up just now. Try again in a minute.")
                XCTAssertNil(answer.hint, "who can't be remembered would be greeted for ever")
            }
            let help = await bench.desk().answer("help", from: bench.sender())
            XCTAssertEqual(help.outcome, .information)
        }
    }

    func testSomebodysFirstAnswerCarriesTheHintOnceAndForAll() async throws {
        try await Bench.with { bench in
            let first = await bench.desk().answer("deplyo", from: bench.sender())
            XCTAssertEqual(first.outcome, .refused)
            XCTAssertTrue(first.hint?.contains("#iterapp-logs") == true && first.hint?.contains("/iterapp help") == true)
            let second = await bench.desk().answer("help", from: bench.sender())
            XCTAssertNil(second.hint, "another desk, as after a restart")
            let home = try await bench.info().home(for: Bench.kari)
            XCTAssertFalse(home.isFirstVisit)
            let desk = bench.info()
            let visit = try await desk.home(for: ada)
            XCTAssertTrue(visit.isFirstVisit)
            let again = try await desk.home(for: ada)
            XCTAssertFalse(again.isFirstVisit)
            let answer = await bench.desk().answer("help", from: bench.sender(by: ada))
            XCTAssertNil(answer.hint)
        }
    }

    func testTheHintIsToldToOneOfTwoAnswersAtOnce() async throws {
        try await Bench.with { bench in
            let desk = bench.desk()
            let hints = await withTaskGroup(of: String?.self) { group in
                for _ in 0..<20 { group.addTask { await desk.answer("help", from: bench.sender()).hint } }
                return await group.reduce(into: []) { hints, hint in hints.append(hint) }
            }
            XCTAssertEqual(hints.compactMap(\.self).count, 1)
        }
    }

    func testAgesAreTold() {
        let ages: [(TimeInterval, String)] = [
            (-5, "just now"), (0, "just now"), (59, "just now"), (60, "1 minute ago"), (7_199, "1 hour ago"),
            (7_200, "2 hours ago"), (86_400 * 29, "29 days ago"), (86_400 * 31, "1 month ago"),
            (86_400 * 800, "2 years ago"),
        ]
        for (seconds, text) in ages {
            XCTAssertEqual(Age.ago(from: Bench.noon, to: Bench.noon.addingTimeInterval(seconds)), text)
        }
        XCTAssertEqual(Age.lasting(from: Bench.noon, to: Bench.noon.addingTimeInterval(180)), "for 3 minutes")
    }
}
