import Deploys
import Foundation
import Sandbox
import TestSupport
import XCTest

@testable import Addons

/// Apps' databases on a real server.
final class PostgresServersTests: XCTestCase {
    private static let shared = SharedPostgres()

    override class func tearDown() { shared.end() }

    private func bench() async throws -> PostgresBench { try PostgresBench(try await Self.shared.get()) }

    func testAnAppsCredentialsWork() async throws {
        let bench = try await bench()
        let (secret, remarks) = try await bench.provide(try Places.place("cats"))
        XCTAssertEqual(remarks, [made("cats_test")])
        XCTAssertEqual(Set(secret.keys), Set(try Places.place("cats").addOn.secretVariables))
        let url = try XCTUnwrap(secret["DATABASE_URL"])
        let run = try await runToEnd(
            "psql", ["-X", "-A", "-t", "-c", "CREATE TABLE visits (n int); INSERT INTO visits VALUES (7); TABLE visits", url])
        XCTAssertEqual(run, "7")
        let role = try await bench.sql(
            "SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles "
                + "WHERE rolname = 'cats_test'")
        XCTAssertEqual(role, ["t|f|f|f|f|f"])
        let owners = try await bench.sql(
            "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'cats_test'; "
                + "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'", in: "cats_test")
        XCTAssertEqual(owners, ["cats_test|UTF8", "cats_test"])
    }

    func testAnotherAppsCredentialsDoNot() async throws {
        let bench = try await bench()
        let owls = try await bench.provide(try Places.place("owls")).secret
        let dogs = try await bench.provide(try Places.place("dogs")).secret
        let prod = try await bench.provide(try Places.place("owls", .prod)).secret
        for other in [dogs, prod] {
            let refusal = await bench.refusal { try await bench.sql("SELECT 1", as: other, in: "owls_test") }
            XCTAssertTrue(refusal?.contains("permission denied for database") ?? false, refusal ?? "in")
        }
        let wrong = owls.merging(["PGPASSWORD": dogs["PGPASSWORD"] ?? ""]) { $1 }
        let refusal = await bench.refusal { try await bench.sql("SELECT 1", as: wrong) }
        XCTAssertTrue(refusal?.contains("password authentication failed") ?? false, refusal ?? "in")
        // What the operator has left open is told once.
        let told = bench.logged.lines.withLock { $0 }
        XCTAssertEqual(told.count, 1, "\(told)")
        XCTAssertTrue(told[0].contains("REVOKE CONNECT ON DATABASE \"postgres\", \"template1\" FROM PUBLIC"), told[0])
        try await bench.sql("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
        let closed = await bench.refusal { try await bench.sql("SELECT 1", as: owls, in: "postgres") }
        XCTAssertTrue(closed?.contains("permission denied") ?? false, closed ?? "in")
        // What was opened by hand is closed again.
        try await bench.sql("GRANT CONNECT ON DATABASE owls_test TO PUBLIC")
        try await bench.provide(try Places.place("owls"), kept: owls)
        let again = await bench.refusal { try await bench.sql("SELECT 1", as: dogs, in: "owls_test") }
        XCTAssertTrue(again?.contains("permission denied for database") ?? false, again ?? "in")
        XCTAssertEqual(bench.logged.lines.withLock { $0.count }, 1)
        try await bench.sql("GRANT CONNECT ON DATABASE postgres, template1 TO PUBLIC")
    }

    func testRepeatingItChangesNothing() async throws {
        let bench = try await bench()
        let place = try Places.place("hens", extensions: ["citext"])
        let secret = try await bench.provide(place).secret
        let look = """
            SELECT xmin, * FROM pg_authid WHERE rolname = 'hens_test'; SELECT xmin, * FROM pg_database; \
            SELECT xmin, * FROM pg_namespace; SELECT xmin, * FROM pg_extension; SELECT xmin, * FROM pg_shdescription
            """
        let before = try await bench.sql(look, in: "hens_test")
        let counter = try await Counter.make()
        defer { counter.remove() }
        let counted = PostgresBench(bench.admin, program: counter.program)
        let again = try await counted.provide(place, kept: secret)
        XCTAssertEqual(again.secret, secret)
        XCTAssertEqual(again.remarks, [])
        XCTAssertEqual(counter.count, 1, "one look is enough")
        let after = try await bench.sql(look, in: "hens_test")
        XCTAssertEqual(after, before)
    }

    func testTwentyAtOnceMakeOne() async throws {
        let bench = try await bench()
        let place = try Places.place("bees", appling: "hive", extensions: ["hstore", "citext"])
        let secret = try await bench.servers.secret(of: place, kept: nil)
        let remarks = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<20 { group.addTask { try await bench.servers.provide(place, secret) } }
            return try await group.reduce(into: [String]()) { $0 += $1 }
        }
        XCTAssertEqual(Set(remarks), [made("bees_hive_test")])
        let extensions = try await bench.sql("SELECT extname FROM pg_extension ORDER BY 1", as: secret)
        XCTAssertEqual(extensions, ["citext", "hstore", "plpgsql"])
        let roles = try await bench.sql("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'bees%'")
        XCTAssertEqual(roles, ["1"])
        // They took turns: nobody ran into what another one had just made.
        let log = try String(contentsOf: try await Self.shared.get().log, encoding: .utf8)
        XCTAssertFalse(log.contains("already exists") || log.contains("duplicate key"), log)
    }

    func testASecretThatIsDeletedIsMadeAnew() async throws {
        let bench = try await bench()
        let place = try Places.place("rats")
        let first = try await bench.provide(place).secret
        let second = try await bench.provide(place).secret
        XCTAssertNotEqual(first["PGPASSWORD"], second["PGPASSWORD"])
        try await bench.sql("SELECT 1", as: second)
        let refusal = await bench.refusal { try await bench.sql("SELECT 1", as: first) }
        XCTAssertTrue(refusal?.contains("password authentication failed") ?? false, refusal ?? "in")
    }

    func testADatabaseThatWasDroppedIsMadeOnceMoreAndSaidToBeEmpty() async throws {
        let bench = try await bench()
        let place = try Places.place("moles")
        let secret = try await bench.provide(place).secret
        try await bench.sql("DROP DATABASE moles_test")
        let again = try await bench.provide(place, kept: secret)
        XCTAssertEqual(again.remarks, [made("moles_test")])
        XCTAssertEqual(again.secret, secret)
        try await bench.sql("SELECT 1", as: secret)
    }

    /// Nobody reads the remarks of a deploy that fails, and the service may be restarted before the next one.
    func testANewDatabaseIsToldByTheFirstDeployThatGoesWell() async throws {
        let bench = try await bench()
        let place = try Places.place("voles")
        let secret = try await bench.provide(place, goesLive: false).secret
        for bench in [bench, PostgresBench(bench.admin)] {
            let again = try await bench.provide(place, kept: secret, goesLive: false)
            XCTAssertEqual(again.remarks, [made("voles_test")])
        }
        let live = try await bench.provide(place, kept: secret)
        XCTAssertEqual(live.remarks, [made("voles_test")])
        for bench in [bench, PostgresBench(bench.admin)] {
            let later = try await bench.provide(place, kept: secret)
            XCTAssertEqual(later.remarks, [])
        }
        let comment = try await bench.sql(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'voles_test'")
        XCTAssertEqual(comment, ["Iterapp's voles-postgres of iterate/voles in test, installation here"])
    }

    /// Another server, to which the setting leads from one day to the next.
    func testADatabaseOnAnotherServerThanBeforeIsSaidToBeEmpty() async throws {
        let (bench, place) = (try await bench(), try Places.place("newts"))
        let secret = try await bench.provide(place).secret
        let other = try await PostgresBench.start()
        let moved: (secret: [String: String], remarks: [String])
        do {
            let admin = try PostgresURL(parsing: other.url())
            moved = try await PostgresBench(admin, appAddress: ("new.db.test", 6432)).provide(place, kept: secret)
        } catch {
            await PostgresBench.end(other)
            throw error
        }
        await PostgresBench.end(other)
        XCTAssertEqual(moved.remarks, [made("newts_test", on: "new.db.test")])
        XCTAssertEqual(moved.secret["PGHOST"], "new.db.test", "people know the server by the name that apps have for it")
        XCTAssertEqual(moved.secret["PGPASSWORD"], secret["PGPASSWORD"])
    }

    /// What people made for the app by hand, and filled, is not said to be new.
    func testADatabaseThatTheAppWasGivenIsNotNew() async throws {
        let (bench, place) = (try await bench(), try Places.place("stoats"))
        let mark = PostgresMark(PostgresName(place, Places.naming), installation: PostgresBench.installation)
        try await bench.sql(
            "CREATE ROLE stoats_test;\nCOMMENT ON ROLE stoats_test IS '\(mark.text.replacing("'", with: "''"))';\n"
                + "CREATE DATABASE stoats_test OWNER stoats_test;")
        let (secret, remarks) = try await bench.provide(place)
        XCTAssertEqual(remarks, [])
        let again = try await bench.provide(place, kept: secret)
        XCTAssertEqual(again.remarks, [])
    }

    func testWhatAnInterruptedDeployLeftBehindIsCompleted() async throws {
        let bench = try await bench()
        for (index, half) in [
            "CREATE ROLE %; COMMENT ON ROLE % IS '#';",
            "CREATE ROLE %; COMMENT ON ROLE % IS '#'; CREATE DATABASE % OWNER %;",
            "CREATE ROLE % NOLOGIN PASSWORD 'another'; COMMENT ON ROLE % IS '#'; CREATE DATABASE % OWNER %; "
                + "REVOKE ALL ON DATABASE % FROM PUBLIC;",
        ].enumerated() {
            let place = try Places.place("half\(index)", extensions: ["citext"])
            let name = PostgresName(place, Places.naming)
            let mark = PostgresMark(name, installation: PostgresBench.installation).text.replacing("'", with: "''")
            try await bench.sql(
                half.replacing(";", with: ";\n").replacing("%", with: name.text).replacing("#", with: mark))
            let secret = try await bench.provide(place).secret
            let found = try await bench.sql(
                "SELECT has_database_privilege('public', current_database(), 'CONNECT'), count(*) FROM pg_extension",
                as: secret)
            XCTAssertEqual(found, ["f|2"], half)
        }
    }

    func testWhatSomebodyElseHasMadeIsNotTaken() async throws {
        let bench = try await bench()
        try await bench.sql("CREATE ROLE foxes_test LOGIN PASSWORD 'theirs'; COMMENT ON ROLE foxes_test IS 'Not yours';")
        await assertRefused(bench, try Places.place("foxes")) {
            XCTAssertEqual(
                $0, "There is a role `foxes_test` on 127.0.0.1 already that is not this app's: its comment is \"Not yours\".")
            XCTAssertTrue($1.contains("COMMENT ON ROLE \"foxes_test\" IS 'Iterapp''s foxes-postgres of"), $1)
        }
        try await bench.sql("CREATE DATABASE toads_test")
        await assertRefused(bench, try Places.place("toads")) { sentence, _ in
            XCTAssertEqual(
                sentence, "There is a database `toads_test` on 127.0.0.1 already that belongs to the role `postgres`, "
                    + "not to the app's.")
        }
        let roles = try await bench.sql("SELECT rolname FROM pg_roles WHERE rolname = 'toads_test'")
        XCTAssertEqual(roles, [], "half of it was made")
    }

    func testNamesAndPasswordsOfAnyCharactersWork() async throws {
        let bench = try await bench()
        let place = try Places.place("a-b.c_d", appling: String(repeating: "long-", count: 12) + "er")
        let password = #"p'a"s\s:/?#[]@!$&()*+,;=%20{}|^~`<>."#
        let (secret, _) = try await bench.provide(place, kept: ["PGPASSWORD": password])
        XCTAssertEqual(secret["PGPASSWORD"], password)
        XCTAssertEqual(secret["PGDATABASE"]?.utf8.count, 63)
        let name = try await runToEnd(
            "psql", ["-X", "-A", "-t", "-c", "SELECT current_database()", try XCTUnwrap(secret["DATABASE_URL"])])
        XCTAssertEqual(name, secret["PGDATABASE"])
    }
}
