import Deploys
import XCTest

@testable import Addons

final class PostgresURLTests: XCTestCase {
    func testEveryPartIsRead() throws {
        let url = try PostgresURL(
            parsing: "postgresql://ad%40min:p%3A%2Fss%25%20@db.example.com:6543/main%2F?sslmode=verify-ca&sslrootcert=%2Fca.pem")
        XCTAssertEqual(url.user, "ad@min")
        XCTAssertEqual(url.password, "p:/ss% ")
        XCTAssertEqual(url.host, "db.example.com")
        XCTAssertEqual(url.port, 6543)
        XCTAssertEqual(url.database, "main/")
        XCTAssertEqual(url.sslMode, "verify-ca")
        XCTAssertEqual(url.sslRootCertificate, "/ca.pem")
    }

    func testWhatIsLeftOutIsUsual() throws {
        let url = try PostgresURL(parsing: "postgres://admin@[::1]")
        XCTAssertEqual([url.host, url.database], ["::1", "postgres"])
        XCTAssertEqual(url.port, 5432)
        XCTAssertNil(url.password)
        XCTAssertNil(url.sslMode)
        XCTAssertEqual(try PostgresURL(parsing: "postgres://a:b@%2Fvar%2Frun%2Fpg:5433/").host, "/var/run/pg")
        XCTAssertEqual(try PostgresURL(parsing: "postgres://a:b@c@host").password, "b@c")
    }

    func testWhatIsWrongIsSaidWithoutThePassword() {
        for (text, part) in [
            ("mysql://admin:hunter2@db", "begins with postgres://"), ("", "begins with postgres://"),
            ("postgres://db.example.com/hunter2", "names no user"), ("postgres://:hunter2@db", "names no user"),
            ("postgres://admin:hunter2@", "names no host"), ("postgres://admin:hunter2@db:99999", "number of a port"),
            ("postgres://admin:hunter2@db:x", "number of a port"), ("postgres://admin:hunter2@a:1,b:2", "several hosts"),
            ("postgres://admin:hun/ter2@db", "written as %2F"), ("postgres://admin:hunter2%@db", "hexadecimal"),
            ("postgres://admin:hunter2@db/?sslmode=hunter2", "sslmode that is none of disable, allow"),
            ("postgres://admin:hunter2@db/?password=hunter2", "parameter besides sslmode"),
        ] {
            do throws(PostgresURL.Problem) {
                let url = try PostgresURL(parsing: text)
                XCTFail("\(text) was read as \(url)")
            } catch {
                XCTAssertTrue(error.reason.contains(part), "\(text): \(error.reason)")
                XCTAssertFalse(error.reason.contains("hun"), error.reason)
            }
        }
    }

    func testAppsMayHaveAnotherWayToTheServer() throws {
        let admin = try PostgresURL(parsing: "postgres://a:b@%2Frun/x?sslmode=verify-full")
        let server = PostgresServer(admin: admin, appAddress: try PostgresServer.address(parsing: "[fd00::7]:6432"))
        let name = PostgresName(try Places.place("acme/my.cats", appling: "web"), Places.naming)
        let values = PostgresSecret(server: server, name: name, password: "p/w?#@:%").values
        XCTAssertEqual(values["DATABASE_URL"], "postgres://acme__my-cats_web_test:p%2Fw%3F%23%40%3A%25@[fd00::7]:6432/"
            + "acme__my-cats_web_test?sslmode=require")
        XCTAssertEqual(values["PGHOST"], "fd00::7")
        XCTAssertEqual(values["DB_PORT"], "6432")
        XCTAssertEqual(values["DB_PASSWORD"], "p/w?#@:%")
        XCTAssertEqual(Set(values.keys), Set(AddOn(.postgres(extensions: []), name: "x").secretVariables))
        for bad in ["", ":5432", "db:0", "db:x"] {
            XCTAssertThrowsError(try PostgresServer.address(parsing: bad), bad)
        }
    }

    func testPasswordsStayUnlessNobodyCouldUseThem() {
        let random: (Int) -> [UInt8] = { Array(repeating: 0xFB, count: $0) }
        XCTAssertEqual(PostgresSecret.password(kept: "p'a\"s\\s", random: random), "p'a\"s\\s")
        let fresh = "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7"
        for kept in [nil, "", "a b", "pässword", "line\nbreak", String(repeating: "x", count: 513)] {
            XCTAssertEqual(PostgresSecret.password(kept: kept, random: random), fresh)
        }
    }

    /// The example of RFC 7677, section 3, whose server signature follows from these keys.
    func testVerifiersAreAsTheProtocolHasThem() throws {
        let salt = try XCTUnwrap(Data(base64Encoded: "W22ZaJ0SNY7soEsUEjb6gQ=="))
        XCTAssertEqual(
            ScramVerifier("pencil", salt: Array(salt)).text,
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
                + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")
    }
}
