import Kubernetes
import TestSupport
import XCTest

@testable import Bot
@testable import Deploys

final class AddOnPartsTests: XCTestCase {
    /// The cluster is away; people hear of that only when it could know something.
    func testWithoutADatabaseServerNothingIsSaidOfOne() async throws {
        let cases = [
            (nil, true), ("ITERAPP_POSTGRES_ADMIN_URL", false), ("ITERAPP_POSTGRES_ADMIN_URL_SNAP", false),
        ]
        for (setting, isAll) in cases {
            try await BotBench.with { bench in
                let url = "postgres://admin:hunter2@db.test"
                let basics = try await Basics(try bench.settings(setting.map { [$0: url] } ?? [:]), log: bench.log.log)
                let parts = AddOnParts(
                    basics, KubernetesClient(basics.settings.cluster.connection, http: basics.http))
                XCTAssertEqual(parts.servers.postgres == nil, isAll)
                XCTAssertEqual(parts.connections.hasDatabases(.prod), setting == "ITERAPP_POSTGRES_ADMIN_URL")
                let found = await parts.keptData.found(
                    of: AppID(organisation: "iterate", name: "cats"), in: basics.journal)
                XCTAssertEqual(found.whereabouts, [])
                XCTAssertEqual(found.isAll, isAll)
                await basics.journal.close()
            }
        }
    }
}
