import TestSupport
import XCTest

/// Somebody changes what runs, behind the bot's back.
final class RepairTests: XCTestCase {
    private static let demo = SharedDemo()
    private static let namespace = "namespaces/apps-meow-test"

    override class func tearDown() { demo.end() }

    private func deployed() async throws -> DemoProcess {
        let demo = try await Self.demo.get()
        guard await demo.page("meow.test.localhost") == nil else { return demo }
        try await demo.repository("meow").make()
        _ = try await demo.outcome(of: "register meow")
        let live = try await demo.outcome(of: "deploy meow test main")
        XCTAssertEqual(live.live.text, "✅ meow is live on test", live.live.words)
        return demo
    }

    /// The lines of the new post about a repair.
    private func repaired(_ demo: DemoProcess, after change: () async throws -> Void) async throws -> [String] {
        let before = Set(try await demo.messages().map(\.ts))
        try await change()
        let messages = try await demo.waitForMessages("a repair", atMost: .seconds(30)) { messages in
            messages.contains { !before.contains($0.ts) && $0.text.hasPrefix("🔧") }
        }
        let posts = messages.filter { !before.contains($0.ts) && $0.thread == nil }
        XCTAssertEqual(posts.count, 1, "\(posts.map(\.text))")
        return posts.first.map { $0.words.split(separator: "\n").map(String.init) } ?? []
    }

    func testADeletedServiceComesBack() async throws {
        let demo = try await deployed()
        let lines = try await repaired(demo) {
            try await demo.cluster("DELETE", "/api/v1/\(Self.namespace)/services/meow")
        }
        XCTAssertEqual(lines.dropLast(), [
            "🔧 *meow on test was changed, and put right*", "• The Service meow was deleted.",
        ])
        try await demo.waitForPage("meow.test.localhost", "Hello from meow\n")
    }

    func testAnEditedDeploymentIsPutRightAndItsEditorNamed() async throws {
        let demo = try await deployed()
        let path = "/apis/apps/v1/\(Self.namespace)/deployments/meow"
        let lines = try await repaired(demo) {
            try await demo.cluster("PATCH", path, ["spec": ["progressDeadlineSeconds": 1_234]])
        }
        XCTAssertEqual(lines.count, 3, "\(lines)")
        XCTAssertTrue(lines.dropFirst().first?.contains("kubectl-edit") == true, "\(lines)")
        XCTAssertTrue(lines.dropFirst().first?.contains("progressDeadlineSeconds") == true, "\(lines)")
        let deployment = try await demo.cluster("GET", path)
        XCTAssertNotEqual(deployment.at("spec", "progressDeadlineSeconds")?.int, 1_234)
    }
}
