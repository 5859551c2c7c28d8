import Foundation
import JSON
import Sandbox
import TestSupport
import XCTest

/// `[postgres]` on a line of its own, and the app has a database.
final class DatabaseStoryTests: XCTestCase {
    /// What the page counts; after a start, its pod takes a moment.
    private func visits(_ demo: DemoProcess) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let page = await demo.page("visits.test.localhost") ?? ""
            if let count = page.firstMatch(of: /<b id=count>([0-9]+)<\/b>/).flatMap({ Int($0.1) }) { return count }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestFailure("no count is on the page; the log:\n\(demo.log)")
    }

    func testAnAppCountsItsVisitsAndTheCountOutlivesEverything() async throws {
        guard PrivatePostgres.programs != nil else {
            throw XCTSkip("no PostgreSQL server is installed; .ci/prepare installs one")
        }
        try await withDemo(environment: ["ITERAPP_DEMO_POSTGRES": nil]) { demo in
            _ = try await demo.outcome(of: "register visits")
            let live = try await demo.outcome(of: "deploy visits test main")
            XCTAssertEqual(live.live.text, "✅ visits is live on test")
            // Looking whether the page answers was one visit, or several.
            let first = try await visits(demo)
            let second = try await visits(demo)
            XCTAssertEqual(second, first + 1)

            // The next version finds the same database, and so does a demo that starts again.
            let settings = "readiness_path = \"/health\"\n[env.common]\nX = \"1\"\n[postgres]\n"
            try await demo.repository("visits").commit(["iterapp.toml": settings], "Say more")
            try await demo.waitUntilQuiet("after the push")
            await demo.stop()
            try await demo.start()
            try await demo.waitUntilQuiet("after the restart")
            let third = try await visits(demo)
            XCTAssertGreaterThan(third, second)

            // Taken out, it stays, and people read where.
            let start = "echo ok > /site/health\nexec /bin/busybox httpd -f -p $PORT -h /site\n"
            try await demo.repository("visits").commit(
                ["iterapp.toml": "readiness_path = \"/health\"\n", "start.sh": start], "Forget it")
            try await demo.waitUntilQuiet("after the push without a database")
            let words = try await demo.messages().map(\.words)
            XCTAssertEqual(words.filter { $0.contains("the database `visits_test` on `") }.count, 1)
            // That it began empty was said once, by the first deploy.
            let empty = words.filter { $0.contains("The database `visits_test` was not on `") && $0.contains("empty.") }
            XCTAssertEqual(empty.count, 1, "\(words)")

            // Two releases later, it is still named when the app goes.
            try await demo.repository("visits").commit(["more.txt": "more\n"], "Say even more")
            try await demo.waitUntilQuiet("after one more push")
            let gone = try await demo.outcome(of: "deregister visits")
            XCTAssertTrue(gone.answer.contains("Its data stays: the database `visits_test` on `"), gone.answer)
        }
    }

    /// Each look at the page is a new connection, which pods with the old password could not make any more.
    func testAFailedDeployWithANewPasswordLeavesTheAppWithItsDatabase() async throws {
        guard PrivatePostgres.programs != nil else {
            throw XCTSkip("no PostgreSQL server is installed; .ci/prepare installs one")
        }
        try await withDemo(environment: ["ITERAPP_DEMO_POSTGRES": nil]) { demo in
            _ = try await demo.outcome(of: "register visits")
            _ = try await demo.outcome(of: "deploy visits test main")
            let before = try await visits(demo)
            let path = "/api/v1/namespaces/apps-visits-test/secrets/visits-postgres"
            let old = try await demo.cluster("GET", path)
            try await demo.cluster("DELETE", path)
            let settings = "readiness_path = \"/health\"\n[postgres]\n[release]\ncommand = \"exit 1\"\n"
            try await demo.repository("visits").commit(["iterapp.toml": settings], "Fail before anything runs")
            try await demo.waitUntilQuiet("after the deploy that failed")
            let words = try await demo.messages().map(\.words)
            XCTAssertTrue(words.contains { $0.contains("Release #1 was put back and serves.") }, "\(words)")
            let new = try await demo.cluster("GET", path)
            XCTAssertNotEqual(new.at("data", "PGPASSWORD"), old.at("data", "PGPASSWORD"))
            let after = try await visits(demo)
            XCTAssertGreaterThan(after, before)
        }
    }
}
