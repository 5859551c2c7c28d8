import TestSupport
import XCTest

@testable import Deploys

/// What is said of data that stays on the operator's servers.
final class KeptDataTests: XCTestCase {
    private struct Server: AddOnServer {
        func secret(of place: AddOnPlace, kept: [String: String]?) async throws(AddOnError) -> [String: String] { [:] }
        func provide(_ place: AddOnPlace, _ secret: [String: String]) async throws(AddOnError) -> [String] { [] }
        func whereabouts(of place: AddOnPlace) -> String? {
            "the database `\(place.app.name)_\(place.environment)` on `db.test`"
        }
    }

    /// In these plans of the world's cluster, there is a database.
    private func keptData(_ plans: (text: String, environment: EnvironmentName)...) -> KeptData {
        let cats = AppID(organisation: "iterate", name: "cats")
        return KeptData(AddOnServers(postgres: Server())) { plan in
            plans.filter { $0.text == plan.text }.map {
                AddOnPlace(
                    app: cats, environment: $0.environment, namespace: plan.namespace,
                    addOn: AddOn(.postgres(extensions: []), name: "cats-postgres"))
            }
        }
    }

    /// Of the cluster: what was made once, whatever plans say now.
    private struct Secrets: AddOnSecrets {
        var isAway = false
        /// Never answers.
        var hangs = false
        var environments: [EnvironmentName] = []
        var values: [String: String] = [:]

        func kept(_ kind: AddOn.Kind) async throws(AddOnError) -> [KeptAddOn] {
            if hangs { try? await Task.sleep(for: .seconds(1_000)) }
            if isAway { throw .unreachable("The cluster does not answer.") }
            return ["cats", "dogs"].flatMap { name in
                environments.map {
                    let addOn = AddOn(.postgres(extensions: []), name: "\(name)-postgres")
                    let app = AppID(organisation: "iterate", name: name)
                    return KeptAddOn(
                        place: AddOnPlace(app: app, environment: $0, namespace: "apps", addOn: addOn), secret: values)
                }
            }
        }
    }

    private func keptData(_ secrets: Secrets, patience: WaitLimit = KeptData.patience) -> KeptData {
        KeptData(AddOnServers(postgres: Server()), secrets: secrets, patience: patience) { _ in [] }
    }

    private func details(_ drafts: [NoticeDraft]) -> [[String]] {
        drafts.compactMap { if case .detail(let title, let lines) = $0 { [title] + lines } else { nil } }
    }

    func testADeployThatNoLongerAsksForADatabaseSaysThatItStays() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let keptData = keptData(("cats to test #1", .test))
            bench.world.commit("a", ["iterapp.toml": "[postgres]\n"])
            await bench.command("deploy cats test main")
            func connect(_ ports: inout Ports) {
                ports.keptData = keptData
                ports.connections.hasDatabases = { _ in true }
            }
            try await bench.work(until: 1, connect)
            let first = try await bench.delivered()
            XCTAssertEqual(details(first), [])
            for (digit, count) in [("b" as Character, 1), ("c", 0)] {
                bench.world.commit(digit, ["iterapp.toml": ""])
                await bench.command("deploy cats test main")
                try await bench.work(until: digit == "b" ? 2 : 3, connect)
                let said = [
                    "Warnings", "iterapp.toml does not ask for the database `cats_test` on `db.test` any more. Nothing in "
                        + "there was deleted, and nobody else gets it.",
                ]
                let drafts = try await bench.delivered()
                XCTAssertEqual(details(drafts), Array(repeating: said, count: count))
            }
        }
    }

    func testDeregisteringSaysWhereTheDataIs() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            bench.world.commit("a")
            await bench.command("deploy cats test main")
            try await bench.work(until: 1)
            await bench.command("deploy cats prod main")
            try await bench.work(until: 2)
            _ = try await bench.delivered()
            let desk = CommandDesk(
                bench.intake(), bench.info(), keptData: keptData(("cats to test #1", .test), ("cats to prod #1", .prod)))
            let sender = bench.sender(key: "command:7")
            let answer = await desk.answer("deregister cats", from: sender)
            let places = ["the database `cats_prod` on `db.test`", "the database `cats_test` on `db.test`"]
            XCTAssertEqual(
                answer.text, "`cats` is deregistered. What runs stays up. Its data stays: \(places[0]) and \(places[1]). "
                    + "`/iterapp register cats` brings the automation back.")
            let drafts = try await bench.delivered()
            XCTAssertEqual(details(drafts), [["Data that stays"] + places])
        }
    }

    /// `[postgres]` was taken out of iterapp.toml long ago, so no plan knows of it.
    func testDeregisteringNamesWhatNoPlanAsksForAnyMore() async throws {
        try await Bench.with { bench in
            try await bench.register("cats")
            let desk = CommandDesk(
                bench.intake(), bench.info(), keptData: keptData(Secrets(environments: [.test, .prod])))
            let places = ["the database `cats_prod` on `db.test`", "the database `cats_test` on `db.test`"]
            // The same command, sent twice, gets the same answer twice.
            for _ in 0..<2 {
                let answer = await desk.answer("deregister cats", from: bench.sender(key: "command:7"))
                XCTAssertEqual(answer.outcome, .accepted)
                XCTAssertTrue(answer.text.contains("Its data stays: \(places[0]) and \(places[1])."), answer.text)
            }
            let drafts = try await bench.delivered()
            XCTAssertEqual(details(drafts), [["Data that stays"] + places])
        }
    }

    /// The setting was taken away, or leads elsewhere since: the live release's database is where its app was told.
    func testTheSecretSaysWhereTheDataIs() async throws {
        let values = ["PGDATABASE": "cats_1", "PGHOST": "old.db.test", "PGPASSWORD": "hidden"]
        let secrets = Secrets(environments: [.test], values: values)
        let cats = AddOnPlace(
            app: AppID(organisation: "iterate", name: "cats"), environment: .test, namespace: "cats-test",
            addOn: AddOn(.postgres(extensions: ["citext"]), name: "cats-postgres"))
        for servers in [AddOnServers(), AddOnServers(postgres: Server())] {
            try await Bench.withDeployedApp { bench in
                let data = KeptData(servers, secrets: secrets) { _ in [cats] }
                let desk = CommandDesk(bench.intake(), bench.info(), keptData: data)
                let answer = await desk.answer("deregister cats", from: bench.sender(key: "command:7"))
                XCTAssertEqual(
                    answer.text, "`cats` is deregistered. What runs stays up. Its data stays: the database `cats_1` on "
                        + "`old.db.test`. `/iterapp register cats` brings the automation back.")
            }
        }
    }

    func testWithoutADatabaseServerTheClustersAnswerIsNotMissed() async throws {
        let data = KeptData(AddOnServers(), secrets: Secrets(isAway: true)) { _ in [] }
        try await Bench.with { bench in
            try await bench.register("cats")
            let desk = CommandDesk(bench.intake(), bench.info(), keptData: data)
            let answer = await desk.answer("deregister cats", from: bench.sender(key: "command:7"))
            XCTAssertEqual(
                answer.text, "`cats` is deregistered. What runs stays up. `/iterapp register cats` brings the automation "
                    + "back.")
        }
    }

    func testAClusterThatDoesNotSayKeepsNoAppFromBeingDeregistered() async throws {
        for secrets in [Secrets(isAway: true), Secrets(hangs: true)] {
            try await Bench.with { bench in
                try await bench.register("cats")
                let data = keptData(secrets, patience: WaitLimit(.milliseconds(50)))
                let desk = CommandDesk(bench.intake(), bench.info(), keptData: data)
                let answer = await desk.answer("deregister cats", from: bench.sender(key: "command:7"))
                let doubt = "Whether data of it is kept on a database server, the cluster did not say."
                XCTAssertEqual(
                    answer.text, "`cats` is deregistered. What runs stays up. \(doubt) `/iterapp register cats` brings the "
                        + "automation back.")
                let drafts = try await bench.delivered()
                XCTAssertEqual(details(drafts), [["Data that stays", doubt]])
            }
        }
    }
}
