import Deploys
import HTTP
import JSON
import XCTest

@testable import GitHub

final class WebhookTests: XCTestCase {
    // The example of docs.github.com, "Validating webhook deliveries".
    func testGitHubsOwnExampleHolds() {
        let signature = WebhookSignature(secret: "It's a Secret to Everybody")
        let expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        XCTAssertEqual(signature.signature(of: Array("Hello, World!".utf8)), expected)
        func request(_ value: String?, body: String = "Hello, World!") -> HTTPRequest {
            var headers = HTTPHeaders()
            headers["X-Hub-Signature-256"] = value
            return HTTPRequest(
                method: "POST", target: "/github/webhooks", headers: headers, body: Array(body.utf8), peer: "")
        }
        XCTAssertTrue(signature.holds(for: request(expected)))
        XCTAssertFalse(signature.holds(for: request(nil)))
        XCTAssertFalse(signature.holds(for: request("")))
        XCTAssertFalse(signature.holds(for: request(expected, body: "Hello, World")))
        XCTAssertFalse(signature.holds(for: request(expected.replacingOccurrences(of: "sha256", with: "sha1"))))
    }

    private let sha = String(repeating: "c0ffee12", count: 5)

    private func payload(_ change: (inout JSON) -> Void = { _ in }) -> JSON {
        var payload: JSON = [
            "ref": "refs/heads/feature/whiskers", "after": .string(sha), "deleted": false,
            "head_commit": [
                "id": .string(sha), "message": "Add whiskers\n\nLong ones.", "url": "https://github.com/x",
                "author": ["name": "Ada"],
            ],
            "repository": ["full_name": "Iterate/Cats", "default_branch": "main"], "pusher": ["name": "ada"],
        ]
        change(&payload)
        return payload
    }

    func testAPushIsRead() throws {
        guard case .push(let push) = try PushPayload.read(payload(), delivery: "d1") else { return XCTFail("no push") }
        XCTAssertEqual(push.repository.name, AppID(organisation: "iterate", name: "cats"))
        XCTAssertEqual(push.branch, "feature/whiskers")
        XCTAssertEqual(push.commit, Commit(id: CommitID(sha)!, subject: "Add whiskers", author: "Ada", url: "https://github.com/x"))
        XCTAssertEqual(push.defaultBranch, "main")
        XCTAssertEqual(push.trigger, .push(by: "ada"))
        XCTAssertEqual(push.deliveryID, "d1")
    }

    func testWhatIsNoPushToABranchIsLeftAlone() throws {
        let zeros = String(repeating: "0", count: 40)
        for change: (inout JSON) -> Void in [
            { $0["ref"] = "refs/tags/v1" }, { $0["deleted"] = true }, { $0["after"] = .string(zeros) },
        ] {
            guard case .nothing = try PushPayload.read(payload(change), delivery: "d") else {
                XCTFail("\(payload(change)) was taken")
                continue
            }
        }
    }

    func testAMalformedPushNamesTheField() {
        let cases: [(String, (inout JSON) -> Void)] = [
            ("ref", { $0["ref"] = nil }), ("ref", { $0["ref"] = 7 }), ("after", { $0["after"] = "--upload-pack" }),
            ("after", { $0["after"] = nil }), ("repository.full_name", { $0["repository"] = ["full_name": "cats"] }),
            ("repository.full_name", { $0["repository"] = ["full_name": "../../etc"] }),
        ]
        for (field, change) in cases {
            XCTAssertThrowsError(try PushPayload.read(payload(change), delivery: "d"), field) { error in
                XCTAssertEqual((error as? WebhookFieldError)?.field, field)
            }
        }
    }

    func testALinkMustBeAWebAddress() throws {
        let reading = try PushPayload.read(payload { $0["head_commit"] = ["url": "javascript:alert(1)"] }, delivery: "d")
        guard case .push(let push) = reading else { return XCTFail("no push") }
        XCTAssertNil(push.commit.url)
    }
}
