import Deploys
import JSON
import XCTest

@testable import GitHub

/// What nobody who means well sends.
final class HostilePayloadTests: XCTestCase {
    func testHalfAPayload() async throws {
        try await WebhookBench.with("Codertocat/Hello-World") { bench in
            let whole = try WebhookBench.fixture("push-new-branch").bytes
            for count in [0, 1, whole.count / 2, whole.count - 1] {
                let (status, text) = try await bench.deliver("push", bytes: Array(whole.prefix(count)))
                XCTAssertEqual(status, 400, text)
                XCTAssertTrue(text.hasPrefix("The body is no JSON: line "), text)
            }
        }
    }

    func testDeepJSON() async throws {
        try await WebhookBench.with { bench in
            for open in ["[", "{\"a\":"] {
                let text = "{\"commits\":" + String(repeating: open, count: 1_000_000)
                let (status, reason) = try await bench.deliver("push", bytes: Array(text.utf8))
                XCTAssertEqual(status, 400)
                XCTAssertTrue(reason.contains("nested more than 100 deep"), reason)
            }
        }
    }

    func testWrongTypes() async throws {
        try await WebhookBench.with("Codertocat/Hello-World") { bench in
            let values: [JSON] = [7, true, .null, [], [:], "", .double(1.5)]
            for event in ["push", "delete", "check_suite", "repository", "installation"] {
                let fixtures = ["delete": "delete-tag", "push": "push-new-branch", "check_suite": "check_suite-rerequested",
                    "repository": "repository-renamed", "installation": "installation-deleted"]
                let payload = try WebhookBench.fixture(try XCTUnwrap(fixtures[event]))
                for key in try XCTUnwrap(payload.object).keys.sorted() {
                    for value in values {
                        var changed = payload
                        changed[key] = value
                        let (status, text) = try await bench.deliver(event, changed)
                        XCTAssertTrue([202, 400].contains(status), "\(event).\(key) = \(value.text): \(status) \(text)")
                    }
                }
            }
            for value in values {
                let (status, _) = try await bench.deliver("push", value)
                XCTAssertEqual(status, 400)
            }
        }
    }

    func testARefOfATagIsNoBranchOfThatName() async throws {
        try await WebhookBench.with("Codertocat/Hello-World") { bench in
            var push = try WebhookBench.fixture("push-new-branch")
            push["ref"] = "refs/tags/master"
            let (_, text) = try await bench.deliver("push", push)
            XCTAssertEqual(text, "Only branches are built.\n")
        }
    }

    func testOddRefs() async throws {
        try await WebhookBench.with("Codertocat/Hello-World") { bench in
            var push = try WebhookBench.fixture("push-new-branch")
            let names = [
                "--upload-pack=touch x", "-f", "a\u{202E}b", "a b", "a\nb", "a..b", "@", "x.lock", "a~1",
                String(repeating: "x", count: 251), "\u{0}", "a\\b",
            ]
            for name in names {
                push["ref"] = .string("refs/heads/\(name)")
                let (status, text) = try await bench.deliver("push", push)
                XCTAssertEqual(status, 202)
                XCTAssertTrue(text.hasPrefix("The repository is not registered, or the branch"), "\(name): \(text)")
            }
            for name in ["ü/ñ", "<script>", "`a`", "$(a)", "a'b\"c", "#1", "heads/master", "refs/heads/x", "日本"] {
                push["ref"] = .string("refs/heads/\(name)")
                let (_, text) = try await bench.deliver("push", push)
                XCTAssertTrue(text.hasPrefix("Accepted"), "\(name): \(text)")
            }
        }
    }

    /// GitHub lists up to 2,048 commits; which one is the newest is said beside the list.
    func testAPushOfTwoThousandCommits() async throws {
        try await WebhookBench.with("Codertocat/Hello-World") { bench in
            var push = try WebhookBench.fixture("push-new-branch")
            let commit = try XCTUnwrap(push["head_commit"])
            push["commits"] = .array(Array(repeating: commit, count: 2_000))
            let (_, text) = try await bench.deliver("push", push)
            XCTAssertEqual(text, "Accepted as operation 2.\n")
        }
    }

    func testAFormIsAskedToBeJSON() async throws {
        try await WebhookBench.with { bench in
            let (status, text) = try await bench.deliver(
                "push", bytes: Array("payload=%7B%7D".utf8), type: "application/x-www-form-urlencoded")
            XCTAssertEqual(status, 415)
            XCTAssertEqual(text, "Set the webhook's content type to application/json.\n")
        }
    }
}
