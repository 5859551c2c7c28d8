import Deploys
import Foundation
import HTTP
import JSON
import TestSupport
import XCTest

@testable import GitHub
@testable import Store

/// GitHub's requests, as values: verified, read, written down, acknowledged.
final class WebhookRouteTests: XCTestCase {
    private static let secret = "It's a Secret to Everybody"
    private static let now = Date(timeIntervalSince1970: 1_780_000_000)
    private let cats = AppID(organisation: "iterate", name: "cats")

    private func withRoute(
        patience: WaitLimit = WebhookRoute.patience, room: DiskRoom = DiskRoom(),
        _ body: (WebhookRoute, SQLiteJournal) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let journal = try await SQLiteJournal.open(directory) { Self.now }
            let request = OperationRequest(
                kind: .register, app: cats, environment: nil, revision: nil, trigger: .push(by: "x"), channel: "#x",
                deduplicationKey: nil)
            _ = try await journal.accept(request, at: Self.now, notices: { _, _ in [] }, superseding: { _, _ in [] })
            let claimed = try await journal.claim(at: Self.now)
            var operation = try XCTUnwrap(claimed)
            operation.state = .succeeded
            try await journal.settle(
                operation, .registered(App(id: cats, defaultBranch: "main", defaultEnvironment: .test)), notices: [])
            let domains = Naming.Domains(prod: "{app}.p", test: "{app}.t", snap: "{env}.{app}.p")
            let naming = Naming(defaultOrganisation: "iterate", domains: domains, externalDomains: domains)
            let channels = ChannelPolicy(logChannel: "#iterapp-logs", commandChannels: [])
            let (signals, now) = (Signals(), { @Sendable in Self.now })
            let intake = Intake(
                journal: journal, naming: naming, channels: channels, signals: signals, room: room, now: now)
            let desks = WebhookDesks(
                pushes: PushDesk(intake), repositories: RepositoryDesk(intake), reruns: RerunDesk(intake))
            try await body(WebhookRoute(secret: Self.secret, desks: desks, patience: patience, log: .silent), journal)
            await journal.close()
        }
    }

    private func push(
        _ app: String = "iterate/cats", ref: String = "refs/heads/main", extra: [String: JSON] = [:]
    ) -> JSON {
        let sha = String(repeating: "c0ffee12", count: 5)
        let payload: [String: JSON] = [
            "ref": .string(ref), "after": .string(sha), "deleted": false,
            "head_commit": ["id": .string(sha), "message": "Purr", "author": ["name": "Ada"]],
            "repository": ["full_name": .string(app), "default_branch": "main"], "pusher": ["name": "ada"],
        ]
        return .object(payload.merging(extra) { _, own in own })
    }

    private func deliver(
        _ body: [UInt8], to route: WebhookRoute, event: String? = "push", delivery: String? = "d1",
        secret: String = secret, method: String = "POST"
    ) async throws -> (status: Int, headers: HTTPHeaders, text: String) {
        var headers: HTTPHeaders = ["X-Hub-Signature-256": WebhookSignature(secret: secret).signature(of: body)]
        headers["X-GitHub-Event"] = event
        headers["X-GitHub-Delivery"] = delivery
        let answered = await route.answer(
            HTTPRequest(method: method, target: "/github/webhooks", headers: headers, body: body, peer: ""))
        let answer = try XCTUnwrap(answered)
        guard case .bytes(let bytes) = answer.body else { throw TestFailure("a stream") }
        return (answer.status, answer.headers, String(decoding: bytes, as: UTF8.self))
    }

    private func queued(_ journal: SQLiteJournal) async throws -> Int {
        try await journal.statistics().operations[.queued] ?? 0
    }

    /// GitHub would not wait for an answer any longer.
    func testADiskThatIsSlowIsSaidToBe() async throws {
        try await withRoute(patience: WaitLimit(.milliseconds(50))) { route, journal in
            let mayGoOn = DispatchSemaphore(value: 0)
            async let hold: Void = journal.writer.run { _ in mayGoOn.wait() }
            let late = try await deliver(push().bytes, to: route)
            XCTAssertEqual(late.status, 503)
            XCTAssertEqual(late.headers["Retry-After"], "10")
            mayGoOn.signal()
            try await hold
            let count = try await queued(journal)
            XCTAssertLessThanOrEqual(count, 1)
        }
    }

    func testAPushBecomesOneOperationHoweverOftenItIsDelivered() async throws {
        try await withRoute { route, journal in
            let first = try await deliver(push().bytes, to: route)
            XCTAssertEqual(first.status, 202)
            XCTAssertEqual(first.text, "Accepted as operation 2.\n")
            let second = try await deliver(push().bytes, to: route)
            XCTAssertEqual(second.status, 202)
            XCTAssertEqual(second.text, "This was accepted before.\n")
            let count = try await queued(journal)
            XCTAssertEqual(count, 1)
        }
    }

    func testAnOldPushDeliveredAgainUndoesNoRename() async throws {
        func called(_ name: String, _ sha: String) -> JSON {
            push(extra: [
                "after": .string(sha), "head_commit": ["id": .string(sha), "message": "", "author": ["name": "Ada"]],
                "repository": ["id": 7, "full_name": .string(name), "default_branch": "main"],
            ])
        }
        let (old, new) = (String(repeating: "a", count: 40), String(repeating: "b", count: 40))
        try await withRoute { route, journal in
            _ = try await deliver(called("iterate/cats", old).bytes, to: route)
            _ = try await deliver(called("iterate/kittens", new).bytes, to: route, delivery: "d2")
            let again = try await deliver(called("iterate/cats", old).bytes, to: route)
            XCTAssertEqual(again.text, "This was accepted before.\n")
            let app = try await journal.app(cats)
            XCTAssertEqual(app?.repositoryName.name, "kittens")
        }
    }

    func testNothingIsReadBeforeTheSignatureHolds() async throws {
        try await withRoute { route, journal in
            for body in [push().bytes, Array("{".utf8), []] {
                let answer = try await deliver(body, to: route, event: nil, delivery: nil, secret: "guess")
                XCTAssertEqual(answer.status, 401)
            }
            let count = try await queued(journal)
            XCTAssertEqual(count, 0)
        }
    }

    func testWhatIsAcknowledgedAndDoesNothing() async throws {
        try await withRoute { route, journal in
            let unknown = try await deliver(push("iterate/dogs").bytes, to: route)
            XCTAssertEqual(unknown.status, 202)
            XCTAssertTrue(unknown.text.contains("not registered"), unknown.text)
            let cases: [JSON] = [
                push(ref: "refs/tags/v1"), push(extra: ["deleted": true]), push(ref: "refs/heads/--upload-pack=x"),
                push(extra: ["after": .string(String(repeating: "0", count: 40))]),
            ]
            for payload in cases {
                let answer = try await deliver(payload.bytes, to: route)
                XCTAssertEqual(answer.status, 202, payload.text)
            }
            let ping = try await deliver(Array("{\"zen\":\"x\"}".utf8), to: route, event: "ping")
            XCTAssertEqual(ping.status, 200)
            let other = try await deliver(Array("not even JSON".utf8), to: route, event: "star")
            XCTAssertEqual(other.status, 202)
            let count = try await queued(journal)
            XCTAssertEqual(count, 0)
        }
    }

    func testWhatIsMalformedIsNamed() async throws {
        try await withRoute { route, _ in
            let noEvent = try await deliver(push().bytes, to: route, event: nil)
            XCTAssertEqual(noEvent.status, 400)
            let noDelivery = try await deliver(push().bytes, to: route, delivery: "")
            XCTAssertEqual(noDelivery.status, 400)
            let broken = try await deliver(Array("{\"ref\":".utf8), to: route)
            XCTAssertEqual(broken.status, 400)
            let field = try await deliver(push(extra: ["after": "HEAD"]).bytes, to: route)
            XCTAssertEqual(field.text, "The push lacks a well-formed `after`.\n")
            let get = try await deliver([], to: route, method: "GET")
            XCTAssertEqual(get.status, 405)
            XCTAssertEqual(get.headers["Allow"], "POST")
            let elsewhere = await route.answer(
                HTTPRequest(method: "POST", target: "/github", headers: [:], body: [], peer: ""))
            XCTAssertNil(elsewhere)
        }
    }

    func testWithoutRoomOnTheDiskAnotherDeliveryIsAskedFor() async throws {
        let room = DiskRoom()
        try await withRoute(room: room) { route, journal in
            room.set(false)
            let refused = try await deliver(push().bytes, to: route)
            XCTAssertEqual(refused.status, 503)
            XCTAssertEqual(refused.headers["Retry-After"], "10")
            let none = try await queued(journal)
            XCTAssertEqual(none, 0)
            room.set(true)
            let taken = try await deliver(push().bytes, to: route)
            XCTAssertEqual(taken.status, 202)
            let one = try await queued(journal)
            XCTAssertEqual(one, 1)
        }
    }

    func testAJournalThatRefusesAsksForAnotherDelivery() async throws {
        try await withRoute { route, journal in
            await journal.close()
            let answer = try await deliver(push().bytes, to: route)
            XCTAssertEqual(answer.status, 503)
            XCTAssertEqual(answer.headers["Retry-After"], "10")
        }
    }

    func testWhatAPushSaysIsBounded() async throws {
        try await withRoute { route, journal in
            let long = String(repeating: "e\u{301}\u{301}\u{301}", count: 100_000)
            let payload = push(extra: [
                "pusher": ["name": .string(long)],
                "head_commit": [
                    "message": .string(long), "author": ["name": .string(long)], "url": .string("https://x/" + long),
                ],
            ])
            let answer = try await deliver(payload.bytes, to: route)
            XCTAssertEqual(answer.status, 202)
            let found = try await journal.operation(OperationID(2))
            let operation = try XCTUnwrap(found)
            let commit = try XCTUnwrap(operation.commit)
            XCTAssertLessThanOrEqual(commit.subject.unicodeScalars.count, 200)
            XCTAssertLessThanOrEqual(commit.author.unicodeScalars.count, 200)
            XCTAssertNil(commit.url)
            guard case .push(let by) = operation.trigger else { return XCTFail("\(operation.trigger)") }
            XCTAssertLessThanOrEqual(by.unicodeScalars.count, 200)
        }
    }
}
