import Subprocess
import XCTest

@testable import Addons

/// What psql says, as recorded from version 15, is understood.
final class PsqlErrorTests: XCTestCase {
    private static let address = "connection to server at \"127.0.0.1\", port 5432 failed: "

    func testStatementsHaveTheirCodes() {
        let denied = PsqlError(
            """
            psql:<stdin>:14: ERROR:  42501: permission denied to create role
            LOCATION:  CreateRole, user.c:320
            """, exitCode: 3)
        XCTAssertEqual(denied, .statement(code: "42501", "permission denied to create role"))
        XCTAssertFalse(denied.mayPass)
        // The server speaks German.
        let full = PsqlError(
            "psql:<stdin>:3: FEHLER:  53100: konnte Datei nicht erweitern: Kein Platz", exitCode: 3)
        XCTAssertEqual(full, .statement(code: "53100", "konnte Datei nicht erweitern: Kein Platz"))
        XCTAssertFalse(full.mayPass)
        let ended = PsqlError(
            """
            psql:<stdin>:4: FATAL:  57P01: terminating connection due to administrator command
            LOCATION:  ProcessInterrupts, postgres.c:3235
            psql:<stdin>:4: server closed the connection unexpectedly
            """, exitCode: 2)
        XCTAssertEqual(ended, .statement(code: "57P01", "terminating connection due to administrator command"))
        XCTAssertTrue(ended.mayPass)
    }

    func testConnectionsThatMayComeAreToldFromThoseThatNeverWill() {
        for (reason, mayPass) in [
            ("Connection refused", true), ("FATAL:  the database system is starting up", true),
            ("FATAL:  sorry, too many clients already", true), ("timeout expired", true),
            ("FATAL:  password authentication failed for user \"postgres\"", false),
            ("FATAL:  no pg_hba.conf entry for host \"127.0.0.1\", user \"a\", database \"b\"", false),
            ("FATAL:  database \"nowhere\" does not exist", false), ("SSL error: certificate verify failed", false),
            ("server does not support SSL, but SSL was required", false),
        ] {
            let error = PsqlError("psql: error: \(Self.address)\(reason)\n\tIs the server running?\n", exitCode: 2)
            XCTAssertEqual(error, .connection("\(Self.address)\(reason)"))
            XCTAssertEqual(error.mayPass, mayPass, reason)
        }
        let refused = "connection to server at \"::1\", port 5432 failed: Connection refused"
        let both = PsqlError(
            "psql: error: \(refused)\n\tIs it?\n\(Self.address)FATAL:  no\n", exitCode: 2)
        XCTAssertEqual(both, .connection("\(Self.address)FATAL:  no"))
        XCTAssertTrue(PsqlError("", exitCode: 2).mayPass)
    }

    func testOnlyATakenPasswordIsKnownToBeRight() {
        for (reason, isOpen) in [
            ("FATAL:  database \"cats_test\" does not exist", false),
            ("FATAL:  permission denied for database \"cats_test\"", false),
            ("FATAL:  password authentication failed for user \"cats_test\"", true),
            ("FATAL:  no pg_hba.conf entry for host \"127.0.0.1\", user \"cats_test\", database \"cats_test\"", true),
            ("FATAL:  pg_hba.conf rejects connection for host \"::1\", user \"a\", database \"b\"", true),
        ] {
            XCTAssertEqual(PsqlError.connection("\(Self.address)\(reason)").leavesPasswordOpen, isOpen, reason)
        }
        XCTAssertTrue(PsqlError.program(.timedOut("psql", after: .seconds(1))).leavesPasswordOpen)
    }

    func testValuesNeedNoQuotes() {
        XCTAssertEqual(Psql.quoted("a'\n"), "'\\141\\047\\012'")
        XCTAssertEqual(Psql.quoted(""), "''")
    }
}
