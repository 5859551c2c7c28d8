import Foundation
import JSON
import XCTest

@testable import Sandbox

final class DemoInstallationTests: XCTestCase {
    func testTheDemoGrantsWhatTheManifestAsksFor() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
        let manifest = try JSON.parse(try Data(contentsOf: root.appending(path: "slack-manifest.json")))
        func names(_ list: JSON?) -> [String] { (list?.array ?? []).compactMap(\.string).sorted() }
        XCTAssertEqual(names(manifest.at("oauth_config", "scopes", "bot")), DemoInstallation.scopes.sorted())
        XCTAssertEqual(names(manifest.at("oauth_config", "scopes", "user")), DemoInstallation.userScopes.sorted())
        XCTAssertEqual(
            names(manifest.at("settings", "event_subscriptions", "bot_events")), DemoInstallation.events.sorted())
        let missing = DemoInstallation.scopes.subtracting(SlackGrant.allScopes)
        XCTAssertEqual(missing, [], "tests with all scopes have at least the manifest's")
    }
}
