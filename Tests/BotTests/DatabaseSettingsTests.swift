import Deploys
import Foundation
import XCTest

@testable import Bot

final class DatabaseSettingsTests: XCTestCase {
    func testKindsOfEnvironmentsMayHaveServersOfTheirOwn() async throws {
        try await BotBench.with { bench in
            XCTAssertNil(try bench.settings().databases[.prod])
            let one = try bench.settings(["ITERAPP_POSTGRES_ADMIN_URL_TEST": "postgres://a:secret-of-test@db"])
            XCTAssertNil(one.databases[.prod])
            XCTAssertEqual(one.databases[.test]?.admin.host, "db")
            XCTAssertTrue(one.secrets.contains("secret-of-test"), "it is masked wherever something is told")
            let several = try bench.settings([
                "ITERAPP_POSTGRES_ADMIN_URL": "postgres://a:b@usual", "ITERAPP_POSTGRES_APP_HOST": "inside:6432",
                "ITERAPP_POSTGRES_ADMIN_URL_PROD": "postgres://a:c@big:5433",
                "ITERAPP_POSTGRES_APP_HOST_SNAP": "small",
            ]).databases
            let snap = try XCTUnwrap(EnvironmentName(parsing: "snap3"))
            XCTAssertEqual([.prod, .test, snap].map { several[$0]?.admin.host }, ["big", "usual", "usual"])
            XCTAssertEqual([.prod, .test, snap].map { several[$0]?.appHost }, ["big", "inside", "small"])
            XCTAssertEqual([.prod, .test, snap].map { several[$0]?.appPort }, [5433, 6432, 5432])
        }
    }

    func testAllThatIsWrongIsSaidAndNoPasswordIs() async throws {
        try await BotBench.with { bench in
            XCTAssertThrowsError(try bench.settings([
                "ITERAPP_POSTGRES_ADMIN_URL": "postgres://admin:hunter2@db:port",
                "ITERAPP_POSTGRES_ADMIN_URL_TEST": "postgres://a:hunter2@db?sslrootcert=/nowhere/ca.pem",
                "ITERAPP_POSTGRES_ADMIN_URL_SNAP": "postgres://a:hunter2@%2Frun%2Fpostgresql",
                "ITERAPP_POSTGRES_APP_HOST_PROD": "db:port",
            ])) { error in
                for part in [
                    "ITERAPP_POSTGRES_ADMIN_URL has no number of a port behind its host.",
                    "ITERAPP_POSTGRES_ADMIN_URL_TEST names the file /nowhere/ca.pem as sslrootcert, which can't be read.",
                    "ITERAPP_POSTGRES_ADMIN_URL leads to a socket, which no app can reach: ITERAPP_POSTGRES_APP_HOST or "
                        + "ITERAPP_POSTGRES_APP_HOST_SNAP must say",
                    "ITERAPP_POSTGRES_APP_HOST_PROD has no number of a port behind its host: it must be a host",
                ] {
                    XCTAssertTrue("\(error)".contains("  - \(part)"), "\(part) is not in \(error)")
                }
                XCTAssertFalse("\(error)".contains("hunter2"), "\(error)")
            }
        }
    }

    /// The password goes into the Secret with the bot's other ones, not into the Deployment.
    func testInstallPassesThemOn() throws {
        let order = try InstallOrder(flags: ["image": "i:1", "url": "https://i.example.com"], environment: [
            "ITERAPP_REGISTRY": "r.example.com", "ITERAPP_POSTGRES_APP_HOST": "inside",
            "ITERAPP_POSTGRES_ADMIN_URL_PROD": "postgres://a:hunter2@db?sslrootcert=%2Fin%2Fthe%2Fpod.pem",
        ])
        XCTAssertTrue(order.notes.contains("ITERAPP_POSTGRES_ADMIN_URL_PROD as NAME=value"), order.notes)
        XCTAssertTrue(order.list.contains("ITERAPP_POSTGRES_APP_HOST"))
        XCTAssertFalse("\(order.list)\(order.notes)".contains("hunter2"))
        XCTAssertThrowsError(try InstallOrder(
            flags: ["image": "i:1", "url": "https://i.example.com"],
            environment: ["ITERAPP_REGISTRY": "r.example.com", "ITERAPP_POSTGRES_ADMIN_URL": "mysql://x"]))
    }
}
