import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import GitHub

/// A thousand pushes at once, to two hundred apps, over sockets: verified, read and on disk before they are answered.
final class ThousandWebhooksTests: XCTestCase {
    private static let apps = 200
    private static let pushesPerApp = 5

    func testAllAreAcceptedWithinFiveSeconds() async throws {
        try await WebhookBench.with { bench in
            for number in 1...Self.apps { try await bench.register("iterate/app\(number)") }
            var settings = HTTPServerSettings()
            settings.port = 0
            let server = HTTPServer(settings) { await bench.route.answer($0) ?? .text(404, "") }
            let url = "http://127.0.0.1:\(try server.start())/github/webhooks"
            let http = HTTPClient()
            let push = try WebhookBench.fixture("push-new-branch")
            let elapsed = try await ContinuousClock().measure {
                try await withThrowingTaskGroup { group in
                    for app in 1...Self.apps {
                        for branch in 1...Self.pushesPerApp {
                            let request = Self.request(push, app, branch, url)
                            group.addTask { try await http.send(request).status }
                        }
                    }
                    for try await status in group { XCTAssertEqual(status, 202) }
                }
            }
            await server.stop(grace: .seconds(1))
            XCTAssertLessThan(elapsed, .seconds(5))
            let queued = try await bench.journal.statistics().operations[.queued]
            XCTAssertEqual(queued, Self.apps * Self.pushesPerApp)
            print("\(Self.apps * Self.pushesPerApp) webhooks were accepted in \(elapsed)")
        }
    }

    private static func request(_ fixture: JSON, _ app: Int, _ branch: Int, _ url: String) -> HTTPClientRequest {
        let digits = "\(app * 10 + branch)"
        let sha = digits + String(repeating: "a", count: 40 - digits.count)
        var push = fixture
        push["ref"] = .string("refs/heads/branch\(branch)")
        push["after"] = .string(sha)
        push["head_commit"]?["id"] = .string(sha)
        push["repository"]?["id"] = .int(app)
        push["repository"]?["full_name"] = .string("iterate/app\(app)")
        let body = push.bytes
        return HTTPClientRequest(
            "POST", url,
            headers: [
                "X-Hub-Signature-256": WebhookSignature(secret: WebhookBench.secret).signature(of: body),
                "X-GitHub-Event": "push", "X-GitHub-Delivery": "\(app)-\(branch)", "Content-Type": "application/json",
            ], body: body)
    }
}
