import Deploys
import Foundation
import XCTest

@testable import Addons

final class PostgresExtensionsTests: XCTestCase {
    private static let shared = SharedPostgres()

    override class func tearDown() { shared.end() }

    private func bench() async throws -> PostgresBench { try PostgresBench(try await Self.shared.get()) }

    func testListedOnesAreThereWithWhatTheyNeed() async throws {
        let bench = try await bench()
        let place = try Places.place("cats", extensions: ["uuid-ossp", "earthdistance"])
        let (secret, remarks) = try await bench.provide(place)
        XCTAssertEqual(remarks, [made("cats_test")])
        let found = try await bench.sql(
            "SELECT extname FROM pg_extension ORDER BY 1; SELECT length(uuid_generate_v4()::text); "
                + "SELECT round(earth())", as: secret)
        XCTAssertEqual(found, ["cube", "earthdistance", "plpgsql", "uuid-ossp", "36", "6378168"])
        let again = try await bench.provide(place, kept: secret).remarks
        XCTAssertEqual(again, [])
    }

    func testLaterOnesAreAddedAndOnesTakenOutStayAndAreTold() async throws {
        let bench = try await bench()
        let secret = try await bench.provide(try Places.place("dogs", extensions: ["citext"])).secret
        // One that the app has made by itself is its own business.
        try await bench.sql("CREATE EXTENSION pg_trgm", as: secret)
        let stays = "The extension `citext` is not listed in iterapp.toml; it stays in the database `dogs_test`."
        for _ in 0..<2 {
            let place = try Places.place("dogs", extensions: ["hstore"])
            let remarks = try await bench.provide(place, kept: secret).remarks
            XCTAssertEqual(remarks, [stays])
        }
        let found = try await bench.sql("SELECT extname FROM pg_extension ORDER BY 1", as: secret)
        XCTAssertEqual(found, ["citext", "hstore", "pg_trgm", "plpgsql"])
    }

    func testUnknownOnesAreRefusedBeforeAnythingIsMade() async throws {
        let bench = try await bench()
        await assertRefused(bench, try Places.place("owls", extensions: ["citext", "uuid-osp"])) {
            XCTAssertEqual($0, "The database server 127.0.0.1 has no extension `uuid-osp`. Did you mean `uuid-ossp`?")
            XCTAssertTrue($1.hasPrefix("It has: ") && $1.contains("citext, ") && $1.contains("plpgsql"), $1)
        }
        await assertRefused(bench, try Places.place("owls", extensions: ["x'; DROP ROLE postgres; --", "y"])) { sentence, _ in
            XCTAssertEqual(
                sentence, "The database server 127.0.0.1 has no extension `x'; DROP ROLE postgres; --`, `y`.")
        }
        let made = try await bench.sql(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'owls%' UNION ALL SELECT datname FROM pg_database "
                + "WHERE datname LIKE 'owls%'")
        XCTAssertEqual(made, [])
    }

    /// As at a cloud's, where nobody is a superuser.
    func testAnAdminThatIsNoSuperuserDoesWithTwoRights() async throws {
        let server = try await Self.shared.get()
        let bench = try PostgresBench(server)
        try await bench.sql("CREATE ROLE plain LOGIN CREATEDB CREATEROLE PASSWORD 'plain'")
        // From version 16 on, who makes a role may be given less than is needed here.
        let version = try await bench.sql("SHOW server_version_num").first.flatMap(Int.init) ?? 0
        if version >= 160_000 { try await bench.sql("ALTER ROLE plain SET createrole_self_grant = 'inherit'") }
        let url = try server.url().replacing(/\/\/.*@/, with: "//plain:plain@")
        let plain = PostgresBench(try PostgresURL(parsing: url))
        let place = try Places.place("hens", extensions: ["citext"])
        let (secret, remarks) = try await plain.provide(place)
        XCTAssertEqual(remarks, [made("hens_test")])
        let found = try await plain.sql(
            "CREATE TABLE eggs (size citext); SELECT pg_get_userbyid(nspowner) FROM pg_namespace "
                + "WHERE nspname = 'public'", as: secret)
        XCTAssertEqual(found, ["hens_test"])
        // What is missing later is added, and the password is set once more when the Secret is gone.
        let again = try await plain.provide(try Places.place("hens", extensions: ["citext", "hstore"]))
        XCTAssertEqual(again.remarks, [])
        try await plain.sql("SELECT 'a=>1'::hstore", as: again.secret)
        await assertRefused(plain, try Places.place("hens", extensions: ["file_fdw"]), kept: again.secret) {
            XCTAssertTrue($0.contains("role `plain` on 127.0.0.1 lacks a right: permission denied to create extension"), $0)
            XCTAssertTrue($1.contains("CREATEDB and CREATEROLE"), $1)
        }
        // What was made before something was refused is told by the deploy that completes it.
        await assertRefused(plain, try Places.place("ducks", extensions: ["file_fdw"])) { sentence, _ in
            XCTAssertTrue(sentence.contains("permission denied to create extension"), sentence)
        }
        let ducks = try await plain.provide(try Places.place("ducks"))
        XCTAssertEqual(ducks.remarks, [made("ducks_test")])
        let repeated = try await plain.provide(try Places.place("ducks"), kept: ducks.secret)
        XCTAssertEqual(repeated.remarks, [])
        try await bench.sql("ALTER ROLE plain NOCREATEROLE")
        await assertRefused(plain, try Places.place("geese")) { sentence, _ in
            XCTAssertTrue(sentence.contains("lacks a right: permission denied to create role"), sentence)
        }
    }
}
