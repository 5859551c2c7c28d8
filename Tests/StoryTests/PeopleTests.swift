import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

/// What people do besides typing commands: they approve, stop, repeat, and ask.
final class PeopleTests: XCTestCase {
    private static let you = "U0YOU00001"
    private static let ann = "U0ANN00001"
    private static let bob = "U0BOB00001"

    /// The members of the demo: `you` and `ann` own the cats, and prod takes two.
    private static let policy = """
        [teams.felines]
        members = ["\(you)", "\(ann)"]
        apps = ["cats"]

        [environments.prod]
        deploy = ["team"]
        needs_approval = true
        """

    private func withCats(_ body: (DemoProcess) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let policy = directory.appending(path: "policy.toml")
            try Self.policy.write(to: policy, atomically: true, encoding: .utf8)
            try await withDemo(environment: ["ITERAPP_POLICY_FILE": policy.path]) { demo in
                try await say("/iterapp register cats", by: Self.you, demo)
                try await demo.waitForMessages("the registration") { $0.contains { $0.text.contains("is registered") } }
                try await body(demo)
            }
        }
    }

    /// - Returns: what the member alone reads.
    @discardableResult
    private func say(_ line: String, by member: String, _ demo: DemoProcess) async throws -> String {
        let answer = try await demo.json("/demo/commands", ["text": .string(line), "user": .string(member)])
        return answer["text"]?.string ?? ""
    }

    private static func press(_ step: String, by member: String, _ demo: DemoProcess) async throws {
        let (action, timestamp) = try await demo.button(step)
        _ = try await demo.json("/demo/actions", [
            "action_id": .string(action), "value": .string(action), "message_ts": .string(timestamp),
            "user": .string(member),
        ])
    }

    func testProdNeedsASecondPersonOfTheTeam() async throws {
        try await withCats { demo in
            let refused = try await say("/iterapp deploy cats prod main", by: Self.bob, demo)
            XCTAssertTrue(refused.contains("felines"), "it says who could: \(refused)")
            try await say("/iterapp deploy cats prod main", by: Self.you, demo)
            try await demo.waitForMessages("the question") { $0.contains { $0.text.contains("needs a second person") } }
            for member in [Self.you, Self.bob] { try await Self.press("step:approve", by: member, demo) }
            let early = await demo.page("cats.app.localhost")
            XCTAssertNil(early, "neither its sender nor a stranger can approve it")
            try await Self.press("step:approve", by: Self.ann, demo)
            try await demo.waitForMessages("the deploy") { $0.contains { $0.text.contains("cats is live on PROD:") } }
            let page = await demo.page("cats.app.localhost") ?? "no page"
            XCTAssertTrue(page.contains("cats · prod"), page)
            let audit = try await say("/iterapp audit cats", by: Self.bob, demo)
            for word in ["approve", "deploy", "register", Self.ann, Self.bob, Self.you] {
                XCTAssertTrue(audit.contains(word), "\(word) is missing: \(audit)")
            }
            let status = try await say("/iterapp status cats", by: Self.bob, demo)
            XCTAssertTrue(status.contains("#1") && status.lowercased().contains("prod"), status)
        }
    }

    /// What is shown is what goes, even when somebody pushes in between; and nothing goes before that.
    func testTheFormShowsWhatWouldGoToProdAndAsksAgain() async throws {
        try await withDemo { demo in
            try await demo.carryOut("register cats", end: "is registered")
            try await demo.carryOut("deploy cats prod main", end: "is live on PROD")
            try await demo.cats.commit(["site/health": "purring\n"], "Purr louder")
            try await demo.waitUntilQuiet("after the push")
            try await demo.openForm("cats", by: Self.ann)
            let form = try await demo.window("Deploy", of: Self.ann)
            try await demo.submit(
                form, ["environment": "prod", "revision": "main", "note": "They asked for it"], by: Self.ann)
            let window = try await demo.window("Deploy to PROD?", of: Self.ann)
            for words in ["release #1", "1 commit would come in", "Purr louder", "They asked for it"] {
                XCTAssertTrue(window.text.contains(words), "\(words) is missing: \(window.text)")
            }
            try await demo.waitUntilQuiet("after the form")
            let before = await demo.page("cats.app.localhost", "/health")
            XCTAssertEqual(before, "ok\n", "asked, not done")

            try await demo.cats.commit(["site/health": "hissing\n"], "Hiss")
            try await demo.waitUntilQuiet("after another push")
            try await demo.submit(window, [:], by: Self.ann)
            try await demo.waitForMessages("the deploy") { messages in
                messages.contains { $0.words.contains("They asked for it") && $0.text.contains("live on PROD") }
            }
            let page = await demo.page("cats.app.localhost", "/health")
            XCTAssertEqual(page, "purring\n")
        }
    }

    func testABuildIsStoppedAndStartedAgainOnce() async throws {
        try await withCats { demo in
            let slow = """
                FROM scratch
                COPY busybox /bin/busybox
                RUN ["/bin/busybox", "sh", "-c", "echo it begins; sleep 300"]
                """
            try await demo.cats.git("checkout", "-q", "-b", "slow")
            try await demo.cats.commit(["Dockerfile": slow], "Take a long time")
            try await demo.waitForBuildLog("it begins", app: "cats")
            try await Self.press("step:cancel", by: Self.ann, demo)
            try await demo.waitForMessages("the end of it", atMost: .seconds(10)) { messages in
                messages.contains { $0.text.contains("was cancelled") }
            }
            async let first: Void = Self.press("step:retry", by: Self.you, demo)
            async let second: Void = Self.press("step:retry", by: Self.ann, demo)
            _ = try await (first, second)
            try await demo.waitForMessages("the second try") { messages in
                messages.contains { $0.text.contains("was cancelled") && $0.words.contains("Retried by") }
            }
            try await Self.press("step:cancel", by: Self.you, demo)
            try await demo.waitUntilQuiet("after the second cancellation")
            let builds = try await demo.messages().filter { $0.text.contains("was cancelled") }
            XCTAssertEqual(builds.count, 2, "two presses began one: \(builds.map(\.text))")
        }
    }
}

extension DemoProcess {
    /// Posts JSON to the page's own routes, as the page does.
    fileprivate func json(_ path: String, _ body: [String: JSON]) async throws -> JSON {
        let answer = try await HTTPClient().send(HTTPClientRequest(
            "POST", url + path, headers: ["Content-Type": "application/json"], body: JSON.object(body).bytes,
            timeout: .seconds(10)))
        guard answer.status == 200 else {
            throw TestFailure("\(path): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
        }
        return try JSON.parse(answer.body)
    }

    /// The newest button whose `action_id` begins so, and its message, once there is one.
    fileprivate func button(_ prefix: String) async throws -> (action: String, timestamp: String) {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if let found = try await newestButton(prefix) { return found }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestFailure("no message has a button \(prefix)")
    }

    private func newestButton(_ prefix: String) async throws -> (action: String, timestamp: String)? {
        let messages = try JSON.parse(try await get("/demo/messages").body).array ?? []
        for message in messages.reversed() {
            let elements = (message["blocks"]?.array ?? []).flatMap { $0["elements"]?.array ?? [] }
            let action = elements.compactMap { $0["action_id"]?.string }.first { $0.hasPrefix(prefix) }
            if let action, let timestamp = message["ts"]?.string { return (action, timestamp) }
        }
        return nil
    }

    // MARK: Windows

    /// From the Home tab, once it is drawn.
    fileprivate func openForm(_ label: String, by member: String) async throws {
        let action = JSON.string("form:deploy:\(label)")
        let home = try await seen("the Home tab of \(member)") {
            let view = try await json("/demo/home", ["user": .string(member)])["view"]
            return view.flatMap { $0.text.contains(action.text) ? $0 : nil }
        }
        _ = try await json("/demo/actions", [
            "action_id": action, "value": action, "view_id": home["id"] ?? .null, "user": .string(member),
        ])
    }

    /// The window that a member sees, once its title is that.
    fileprivate func window(_ title: String, of member: String) async throws -> JSON {
        try await seen("\(title) in front of \(member)") {
            try JSON.parse(try await get("/demo/workspace").body)["modals"]?.array?.first {
                $0["user"]?.string == member && $0.at("title", "text")?.string == title
            }
        }
    }

    /// - Parameter fields: by block; what is not named stays as it is.
    fileprivate func submit(_ window: JSON, _ fields: [String: String], by member: String) async throws {
        let values = Dictionary(uniqueKeysWithValues: fields.map { name, text in
            (name, JSON.object([name: ["value": .string(text)]]))
        })
        let answer = try await json("/demo/views", [
            "type": "submit", "view_id": window["id"] ?? .null, "state": ["values": .object(values)],
            "user": .string(member),
        ])
        XCTAssertEqual(answer, [:])
    }

    private func seen(_ what: String, _ look: () async throws -> JSON?) async throws -> JSON {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if let found = try await look() { return found }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestFailure("waited in vain for \(what)")
    }
}
