import XCTest

import Addons

final class AuthoritiesTests: XCTestCase {
    func testOnlyTextsWithACertificateHaveAuthorities() throws {
        let system = try String(contentsOfFile: Authorities.systemFile, encoding: .utf8)
        XCTAssertTrue(Authorities.areIn(system))
        let end = "-----END CERTIFICATE-----"
        let one = try XCTUnwrap(system.components(separatedBy: end).first) + end + "\n"
        XCTAssertTrue(Authorities.areIn("# Our own\n\(one)"))
        XCTAssertFalse(Authorities.areIn(""))
        XCTAssertFalse(Authorities.areIn(String(one.dropFirst(200))))
        XCTAssertFalse(Authorities.areIn(one.replacing("CERTIFICATE", with: "PUBLIC KEY")))
    }
}
