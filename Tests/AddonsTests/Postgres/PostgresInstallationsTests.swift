import Deploys
import XCTest

@testable import Addons

/// Several installations that share a server, without anything else that they know of each other.
final class PostgresInstallationsTests: XCTestCase {
    private static let shared = SharedPostgres()

    override class func tearDown() { shared.end() }

    private func bench(_ installation: String) async throws -> PostgresBench {
        PostgresBench(try PostgresURL(parsing: try await Self.shared.get().url()), installation: installation)
    }

    func testTheSecondWithAnAppOfTheSameNameIsRefused() async throws {
        let (first, second) = (try await bench("one"), try await bench("two"))
        let cats = try Places.place("cats")
        let secret = try await first.provide(cats).secret
        try await first.sql("CREATE TABLE visits (n int)", as: secret)
        for kept in [nil, secret] {
            await assertRefused(second, cats, kept: kept) {
                XCTAssertEqual(
                    $0, "The database `cats_test` on 127.0.0.1 belongs to another installation of Iterapp, one: its role's "
                        + "comment is \"Iterapp's cats-postgres of iterate/cats in test, installation one\". This "
                        + "installation is two.")
                XCTAssertEqual(
                    $1, "Ask the operator of Iterapp to give this installation a database server of its own. If this is "
                        + "that installation, in a cluster that was rebuilt, set ITERAPP_INSTALLATION=one. To take the "
                        + "database away from the other one, and hand it over to this app: `COMMENT ON ROLE "
                        + "\"cats_test\" IS 'Iterapp''s cats-postgres of iterate/cats in test, installation two'`")
            }
        }
        // Nothing of the first one's was touched.
        let again = try await first.provide(cats, kept: secret)
        XCTAssertEqual(again.remarks, [])
        try await first.sql("TABLE visits", as: secret)
        // Apps of other names live side by side.
        try await second.provide(try Places.place("dogs"))
    }

    /// Of a cluster that was rebuilt, no Secret is left either.
    func testARebuiltOneFindsItsDatabasesByItsId() async throws {
        let owls = try Places.place("owls")
        try await bench("rebuilt").provide(owls)
        let (secret, remarks) = try await bench("rebuilt").provide(owls)
        XCTAssertEqual(remarks, [])
        try await bench("rebuilt").sql("SELECT 1", as: secret)
    }

    func testWhatTheOperatorHandsOverIsTheOthersNoMore() async throws {
        let (first, second) = (try await bench("one"), try await bench("two"))
        let hens = try Places.place("hens")
        let old = try await first.provide(hens).secret
        try await first.sql("CREATE TABLE eggs (n int)", as: old)
        var line: Substring?
        await assertRefused(second, hens) { line = $1.split(separator: "`").last }
        try await second.sql(String(try XCTUnwrap(line)))
        let (secret, remarks) = try await second.provide(hens)
        XCTAssertEqual(remarks, [], "it is not empty")
        try await second.sql("TABLE eggs", as: secret)
        let repeated = try await second.provide(hens, kept: secret)
        XCTAssertEqual(repeated.remarks, [])
        await assertRefused(first, hens, kept: old) { sentence, _ in
            XCTAssertTrue(sentence.contains("belongs to another installation of Iterapp, two"), sentence)
        }
    }

    /// `cats_test` is called so by either: each leaves its own default organisation out.
    func testAnotherDefaultOrganisationsAppIsNotTakenForOurs() async throws {
        let toads = try Places.place("toads")
        let name = PostgresName(toads, Places.naming)
        let theirs = "Iterapp''s toads-postgres of acme/toads in test, installation three"
        try await bench("one").sql("CREATE ROLE \(name.text); COMMENT ON ROLE \(name.text) IS '\(theirs)'")
        await assertRefused(try await bench("one"), toads) {
            XCTAssertTrue($0.contains("another installation of Iterapp, three"), $0)
            XCTAssertFalse($1.contains("ITERAPP_INSTALLATION"), $1)
        }
        await assertRefused(try await bench("three"), toads) { sentence, _ in
            XCTAssertTrue(sentence.contains("that is not this app's: its comment is \"Iterapp's toads-"), sentence)
        }
    }

    /// Its comment named the app alone.
    func testARoleThatAnOlderOneMadeIsClaimedByItsComment() async throws {
        let (bench, larks) = (try await bench("one"), try Places.place("larks"))
        try await bench.sql(
            "CREATE ROLE larks_test; COMMENT ON ROLE larks_test IS 'Iterapp''s larks-postgres of iterate/larks in test'")
        var line: Substring?
        await assertRefused(bench, larks) {
            XCTAssertEqual(
                $0, "The role `larks_test` on 127.0.0.1 was made by an older Iterapp, which did not note down which "
                    + "installation it was.")
            line = $1.split(separator: "`").last
        }
        try await bench.sql(String(try XCTUnwrap(line)))
        try await bench.provide(larks)
    }

    func testAnIdThatCantBeReadIsNoReasonToGuess() async throws {
        let admin = try PostgresURL(parsing: try await Self.shared.get().url())
        let away = AddOnError.unreachable("Nobody knows the id.")
        let servers = PostgresServers(
            { _ in PostgresServer(admin: admin) }, naming: Places.naming,
            installation: InstallationIdentity { () throws(AddOnError) in throw away }, programEnvironment: [:],
            log: Log { _, _ in })
        let mice = try Places.place("mice")
        let secret = try await servers.secret(of: mice, kept: nil)
        do throws(AddOnError) {
            _ = try await servers.provide(mice, secret)
            XCTFail("It was made.")
        } catch { XCTAssertEqual(error, away) }
        let roles = try await bench("one").sql("SELECT rolname FROM pg_roles WHERE rolname = 'mice_test'")
        XCTAssertEqual(roles, [])
    }
}
