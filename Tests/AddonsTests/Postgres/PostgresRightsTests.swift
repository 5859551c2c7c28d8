import Deploys
import XCTest

@testable import Addons

/// What roles of apps may do, and what apps do with the databases that they own.
final class PostgresRightsTests: XCTestCase {
    private static let shared = SharedPostgres()

    override class func tearDown() { shared.end() }

    private func bench() async throws -> PostgresBench { try PostgresBench(try await Self.shared.get()) }

    /// An admin who went on as that role could not make an extension, nor anything else.
    func testAnAppDoesNotChooseAsWhomTheAdminActs() async throws {
        let operators = try await bench()
        try await operators.sql("CREATE ROLE maker LOGIN CREATEDB CREATEROLE PASSWORD 'maker'")
        let maker = try PostgresURL(parsing: "postgres://maker:maker@127.0.0.1:\(operators.admin.port)")
        for (name, bench) in [("cats", operators), ("dogs", PostgresBench(maker))] {
            let secret = try await bench.provide(try Places.place(name)).secret
            try await operators.sql("CREATE ROLE \(name)_reader; GRANT \(name)_reader TO \(name)_test")
            try await bench.sql(
                "ALTER DATABASE \(name)_test SET role = '\(name)_\(name == "cats" ? "reader" : "test")'", as: secret)
            let more = try Places.place(name, extensions: ["citext"])
            let remarks = try await bench.provide(more, kept: secret).remarks
            XCTAssertEqual(remarks, [])
            let owner = try await operators.sql(
                "SELECT pg_get_userbyid(extowner) FROM pg_extension WHERE extname = 'citext'", in: "\(name)_test")
            XCTAssertEqual(owner, [bench.admin.user])
        }
    }
}
