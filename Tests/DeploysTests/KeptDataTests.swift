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
}
