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

    /// It was handed over, or somebody has given it more since.
    func testARoleThatMayDoWhatNoAppMayIsRefusedUntilThatIsTakenAway() async throws {
        let (bench, owls) = (try await bench(), try Places.place("owls"))
        let mark = PostgresMark(PostgresName(owls, Places.naming), installation: PostgresBench.installation)
        try await bench.sql(
            "CREATE ROLE owls_test SUPERUSER BYPASSRLS;\n"
                + "COMMENT ON ROLE owls_test IS '\(mark.text.replacing("'", with: "''"))';")
        var line: Substring?
        await assertRefused(bench, owls) {
            XCTAssertEqual(
                $0, "The role `owls_test` on 127.0.0.1 may do what no app may: it has SUPERUSER, BYPASSRLS.")
            XCTAssertEqual(
                $1, "Ask the operator of Iterapp to take that away: `ALTER ROLE \"owls_test\" NOSUPERUSER NOBYPASSRLS`")
            line = $1.split(separator: "`").last
        }
        let login = try await bench.sql("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'owls_test'")
        XCTAssertEqual(login, ["f"], "it got a password")
        try await bench.sql(String(try XCTUnwrap(line)))
        let secret = try await bench.provide(owls).secret
        for power in ["SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS"] {
            try await bench.sql("ALTER ROLE owls_test \(power)")
            await assertRefused(bench, owls, kept: secret) { sentence, advice in
                XCTAssertTrue(sentence.hasSuffix("it has \(power)."), sentence)
                XCTAssertTrue(advice.hasSuffix("`ALTER ROLE \"owls_test\" NO\(power)`"), advice)
            }
            try await bench.sql("ALTER ROLE owls_test NO\(power)")
        }
        try await bench.provide(owls, kept: secret)
    }

    func testWhatAnAppSaysOfItsDatabaseStays() async throws {
        let (bench, hens) = (try await bench(), try Places.place("hens"))
        let secret = try await bench.provide(hens, goesLive: false).secret
        let comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'hens_test'"
        try await bench.sql("COMMENT ON DATABASE hens_test IS 'Eggs and feathers'", as: secret)
        // The deploy goes live, which would write down that people were told.
        let told = try await bench.servers.retireOlder(than: secret, at: hens)
        XCTAssertEqual(told, [:])
        let afterFirst = try await bench.sql(comment)
        XCTAssertEqual(afterFirst, ["Eggs and feathers"])
        let counter = try await Counter.make()
        defer { counter.remove() }
        let again = try await PostgresBench(bench.admin, program: counter.program).provide(hens, kept: secret)
        XCTAssertEqual(again.remarks, [])
        XCTAssertEqual(counter.count, 1, "one look is enough")
        try await bench.provide(try Places.place("hens", extensions: ["citext"]), kept: secret)
        let afterAll = try await bench.sql(comment)
        XCTAssertEqual(afterAll, ["Eggs and feathers"])
    }
}
