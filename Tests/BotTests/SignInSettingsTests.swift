import Foundation
import Slack
import XCTest

@testable import Bot

final class SignInSettingsTests: XCTestCase {
    /// Pages and their links begin at the top of a host.
    func testAPublicURLHasNoPath() async throws {
        try await BotBench.with { bench in
            for good in ["https://i.example.com", "https://i.example.com/", "http://localhost:8080"] {
                XCTAssertNotNil(try bench.settings(["ITERAPP_PUBLIC_URL": good]).publicURL, good)
            }
            for bad in ["https://tools.example/iterapp", "https://tools.example/?a=b", "https://tools.example/#top"] {
                XCTAssertThrowsError(try bench.settings(["ITERAPP_PUBLIC_URL": bad])) { error in
                    XCTAssertTrue("\(error)".contains("  - ITERAPP_PUBLIC_URL must end behind its host"), "\(error)")
                }
            }
        }
    }

    func testPeopleSignInWithBothOrNotAtAll() async throws {
        try await BotBench.with { bench in
            XCTAssertNil(try bench.settings().slack.client)
            let both = ["SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "a secret of the app"]
            let settings = try bench.settings(both.merging(["ITERAPP_PUBLIC_URL": "https://i.example.com/"]) { $1 })
            XCTAssertNotNil(settings.slack.client)
            XCTAssertTrue(settings.secrets.contains("a secret of the app"), "it is masked wherever something is told")
            for (change, missing) in [
                (["SLACK_CLIENT_ID": "1.2"], "SLACK_CLIENT_SECRET"),
                (["SLACK_CLIENT_SECRET": "a secret of the app"], "SLACK_CLIENT_ID"), (both, "ITERAPP_PUBLIC_URL"),
            ] {
                XCTAssertThrowsError(try bench.settings(change)) { error in
                    XCTAssertTrue("\(error)".contains("  - \(missing) is not set: "), "\(error)")
                    XCTAssertFalse("\(error)".contains("a secret of the app"), "\(error)")
                }
            }
        }
    }
}
