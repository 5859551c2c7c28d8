import Deploys
import Foundation
import HTTP
import JSON
import Store
import TestSupport
import XCTest

@testable import GitHub

/// The webhooks' route on a real journal.
struct WebhookBench: Sendable {
    static let secret = "It's a Secret to Everybody"
    static let now = Date(timeIntervalSince1970: 1_780_000_000)
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/webhooks")

    let journal: SQLiteJournal
    let route: WebhookRoute
    let signals = Signals()

    static func with(_ apps: String..., body: (WebhookBench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let journal = try await SQLiteJournal.open(directory) { now }
            let bench = WebhookBench(journal)
            for name in apps { try await bench.register(name) }
            try await body(bench)
            await journal.close()
        }
    }

    init(_ journal: SQLiteJournal) {
        self.journal = journal
        let domains = Naming.Domains(prod: "{app}.p", test: "{app}.t", snap: "{env}.{app}.p")
        let naming = Naming(defaultOrganisation: "iterate", domains: domains, externalDomains: domains)
        let channels = ChannelPolicy(logChannel: "#iterapp-logs", commandChannels: [])
        let (signals, now) = (signals, { @Sendable in Self.now })
        let intake = Intake(journal: journal, naming: naming, channels: channels, signals: signals, now: now)
        let desks = WebhookDesks(
            pushes: PushDesk(intake), repositories: RepositoryDesk(intake), reruns: RerunDesk(intake))
        route = WebhookRoute(secret: Self.secret, desks: desks, log: .silent)
    }

    func register(_ name: String) async throws {
        let id = try XCTUnwrap(AppID(parsing: name, defaultOrganisation: "iterate"))
        let request = OperationRequest(
            kind: .register, app: id, environment: nil, revision: nil, trigger: .push(by: "x"), channel: "#x",
            deduplicationKey: nil)
        _ = try await journal.accept(request, at: Self.now, notices: { _, _ in [] }, superseding: { _, _ in [] })
        let claimed = try await journal.claim(at: Self.now)
        var operation = try XCTUnwrap(claimed)
        operation.state = .succeeded
        try await journal.settle(
            operation, .registered(App(id: id, defaultBranch: "master", defaultEnvironment: .test)), notices: [])
    }

    // MARK: Delivering

    static func fixture(_ name: String) throws -> JSON {
        try JSON.parse(Array(try Data(contentsOf: fixtures.appending(path: name + ".json"))))
    }

    func deliver(_ event: String, _ payload: JSON, id: String = UUID().uuidString) async throws -> (Int, String) {
        try await deliver(event, bytes: payload.bytes, id: id)
    }

    func deliver(
        _ event: String, bytes: [UInt8], id: String = UUID().uuidString, type: String = "application/json"
    ) async throws -> (Int, String) {
        let headers: HTTPHeaders = [
            "X-Hub-Signature-256": WebhookSignature(secret: Self.secret).signature(of: bytes),
            "X-GitHub-Event": event, "X-GitHub-Delivery": id, "Content-Type": type,
        ]
        let answered = await route.answer(
            HTTPRequest(method: "POST", target: "/github/webhooks", headers: headers, body: bytes, peer: ""))
        let answer = try XCTUnwrap(answered)
        guard case .bytes(let text) = answer.body else { throw TestFailure("a stream") }
        return (answer.status, String(decoding: text, as: UTF8.self))
    }

    // MARK: Seeing

    func app(_ name: String) async throws -> App {
        let id = try XCTUnwrap(AppID(parsing: name, defaultOrganisation: "iterate"))
        let app = try await journal.app(id)
        return try XCTUnwrap(app)
    }

    func operation(_ number: Int64) async throws -> Deploys.Operation {
        let operation = try await journal.operation(OperationID(number))
        return try XCTUnwrap(operation)
    }

    /// What people read about repositories, in order.
    func news() async throws -> [String] {
        var sentences: [String] = []
        for number in 1... {
            guard let operation = try await journal.operation(OperationID(Int64(number))) else { return sentences }
            guard operation.kind == .repository else { continue }
            while case .notice(let notice) = try await journal.nextPost(in: "#iterapp-logs", at: Self.now) {
                _ = try await journal.begin(notice, at: Self.now)
                if case .live(let report) = notice.draft, case .repositoryNews(let sentence, _, _) = report.phase {
                    sentences.append(sentence)
                }
                try await journal.delivered(notice, as: MessageReference(channel: "C1", timestamp: "\(notice.id)"))
            }
        }
        return sentences
    }
}
