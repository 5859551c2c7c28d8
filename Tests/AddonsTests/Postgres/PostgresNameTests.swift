import AppFile
import Deploys
import XCTest

@testable import Addons

final class PostgresNameTests: XCTestCase {
    private func name(
        _ app: String, appling: String? = nil, _ environment: EnvironmentName = .test
    ) throws -> PostgresName {
        PostgresName(try Places.place(app, appling: appling, environment), Places.naming)
    }

    func testNamesAreReadable() throws {
        XCTAssertEqual(try name("cats").text, "cats_test")
        XCTAssertEqual(try name("Cats", .prod).text, "cats_prod")
        XCTAssertEqual(try name("cats", appling: "frontend", .prod).text, "cats_frontend_prod")
        XCTAssertEqual(try name("acme/cats").text, "acme__cats_test")
        XCTAssertEqual(try name("my.app").text, "my-app_test")
        XCTAssertEqual(try name("cats").subject, "cats-postgres of iterate/cats in test")
    }

    func testNoTwoAreCalledAlike() throws {
        let names = [
            try name("a-b", appling: "c"), try name("a", appling: "b-c"), try name("a-b-c"), try name("a", appling: "b"),
            try name("a/b"), try name("a-b"), try name("a/b", appling: "c"), try name("a/b-c"), try name("pg"),
            try name("a", appling: "pg"), try name("pg", appling: "a"), try name("p"), try name("a", .prod),
        ]
        XCTAssertEqual(Set(names.map(\.text)).count, names.count, "\(names.map(\.text))")
        XCTAssertEqual(Set(names.map(\.subject)).count, names.count)
    }

    func testLongNamesEndInADigestAndTheEnvironment() throws {
        let long = String(repeating: "x", count: 58)
        XCTAssertEqual(try name(long).text, "\(long)_test")
        let (first, second) = (try name("\(long)y").text, try name("\(long)z").text)
        XCTAssertEqual(first.utf8.count, 63)
        XCTAssertNotEqual(first, second)
        XCTAssertTrue(first.hasPrefix("xxxxx") && first.hasSuffix("_test"), first)
    }

    func testNamesThatTheServerReservesAreAvoided() throws {
        XCTAssertEqual(try name("pg").text, "_pg_test")
        XCTAssertEqual(try name("pg/cats").text, "_pg__cats_test")
        XCTAssertEqual(try name("pgadmin").text, "pgadmin_test")
    }
}
