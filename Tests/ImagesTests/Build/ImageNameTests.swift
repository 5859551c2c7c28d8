import Deploys
import Foundation
import XCTest

@testable import Images

final class ImageNameTests: XCTestCase {
    private func name(
        _ organisation: String, _ app: String, _ appling: String? = nil, registry: String? = nil
    ) throws -> String {
        let commit = try XCTUnwrap(CommitID("1A2B3C4D5E" + String(repeating: "0", count: 30)))
        let request = ImageRequest(
            app: AppID(organisation: organisation, name: app), appling: appling, commit: commit,
            buildNumber: 12,
            context: URL(filePath: "/"), dockerfile: "Dockerfile", buildDate: Date(timeIntervalSince1970: 0))
        return ImageName(request, defaultOrganisation: "iterate", registry: registry).text
    }

    func testNames() throws {
        XCTAssertEqual(try name("iterate", "cats"), "iterapp/cats:1a2b3c4-12")
        XCTAssertEqual(try name("Iterate", "My_Cats.App"), "iterapp/my-cats-app:1a2b3c4-12")
        XCTAssertEqual(try name("acme", "cats", "web"), "iterapp/acme/cats.web:1a2b3c4-12")
        XCTAssertEqual(try name("iterate", "_cats-"), "iterapp/0-cats-0:1a2b3c4-12")
        XCTAssertEqual(try name("iterate", "cats", registry: "r.no/apps/"), "r.no/apps/cats:1a2b3c4-12")
        XCTAssertEqual(try name("iterate", "cats", registry: "https://r.no"), "r.no/cats:1a2b3c4-12")
        XCTAssertNotEqual(try name("iterate", "cats", "web"), try name("iterate", "cats-web"))
        XCTAssertNotEqual(try name("acme", "cats"), try name("iterate", "acme-cats"))
    }
}
