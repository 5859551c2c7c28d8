import Deploys
import Foundation
import HTTP
import JSON
import Store
import TestSupport
import XCTest

@testable import Web

/// A journal and logs in a directory of their own, with the log page over them, also on a real port.
struct LogBench {
    static let noon = Date(timeIntervalSince1970: 1_800_000_000)
    static let cats = AppID(organisation: "iterate", name: "cats")

    let journal: SQLiteJournal
    let logs: FileBuildLogs
    let links = LogLinks(secret: "s", publicURL: "https://bot.example.com")
    let news = Signal()
    var now = LogBench.noon
    var maxStreams = LogPage.maxStreams

    var page: LogPage {
        LogPage(
            links: links, journal: journal, logs: logs, mask: SecretMask(["hush-hush-secret"]), news: news, label: \.name,
            now: { [now] in now }, maxStreams: maxStreams)
    }

    // MARK: What happens

    func accept(
        _ kind: Deploys.Operation.Kind = .deploy, to environment: EnvironmentName? = .prod, by name: String = "kari"
    ) async throws -> Deploys.Operation {
        let request = OperationRequest(
            kind: kind, app: Self.cats, environment: environment, revision: Revision("main"),
            trigger: .command(Person(id: "U1", name: name)), channel: "#room", deduplicationKey: nil)
        let acceptance = try await journal.accept(
            request, at: now, notices: { operation, ahead in
                [.live(Report(operation: operation, appLabel: "cats", phase: .queued(ahead: ahead)))]
            }, superseding: { _, _ in [] })
        guard case .accepted(let operation) = acceptance else { throw TestFailure("not accepted") }
        return operation
    }

    /// The operation runs, and its build has begun.
    func begin(_ operation: Deploys.Operation, subject: String = "Purr louder") async throws -> Deploys.Operation {
        guard var running = try await journal.claim(at: now) else { throw TestFailure("nothing to claim") }
        let commit = try XCTUnwrap(CommitID(String(repeating: "a", count: 40)))
        running.commit = Commit(id: commit, subject: subject, author: "kari", url: "https://git.example.com/c/aaaaaaa")
        _ = try await journal.beginBuild(of: commit, for: running, at: now)
        guard var built = try await journal.operation(operation.id) else { throw TestFailure("no operation") }
        built.commit = running.commit
        try await tell(built, .building([ApplingBuild(name: "", state: .building)]))
        return built
    }

    func tell(_ operation: Deploys.Operation, _ phase: Phase) async throws {
        try await journal.record(
            operation, notices: [.live(Report(operation: operation, appLabel: "cats", phase: phase))])
        news.fire()
    }

    func settle(_ operation: Deploys.Operation, _ state: Deploys.Operation.State, _ phase: Phase) async throws {
        var ended = operation
        ended.state = state
        ended.finishedAt = now.addingTimeInterval(75)
        try await journal.settle(
            ended, .nothing, notices: [.live(Report(operation: ended, appLabel: "cats", phase: phase))])
        news.fire()
    }

    func writer(_ operation: Deploys.Operation, _ appling: String? = nil) throws -> any BuildLogWriter {
        try logs.open(app: operation.app, build: operation.buildNumber ?? 0, appling: appling)
    }

    /// An operation whose build has a log for each of the applings.
    func build(_ logged: [String?: [String]]) async throws -> Deploys.Operation {
        let operation = try await begin(try await accept())
        for (appling, lines) in logged {
            let writer = try writer(operation, appling)
            lines.forEach(writer.write)
            writer.close()
        }
        return operation
    }

    // MARK: What is seen

    func answer(_ path: String, method: String = "GET", headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
        let request = HTTPRequest(method: method, target: path, headers: headers, body: [], peer: "")
        let answer = await page.answer(request)
        return try XCTUnwrap(answer)
    }

    func get(_ path: String, headers: HTTPHeaders = [:]) async throws -> (status: Int, text: String) {
        let answer = try await answer(path, headers: headers)
        return (answer.status, String(decoding: try await Self.bytes(answer), as: UTF8.self))
    }

    static func bytes(_ answer: HTTPResponse) async throws -> [UInt8] {
        switch answer.body {
        case .bytes(let bytes): return bytes
        case .stream(let stream):
            var all: [UInt8] = []
            for try await piece in stream { all += piece }
            return all
        }
    }
}

func withLogBench(_ body: (inout LogBench) async throws -> Void) async throws {
    try await withTemporaryDirectory { directory in
        let journal = try await SQLiteJournal.open(directory) { LogBench.noon }
        var bench = LogBench(journal: journal, logs: FileBuildLogs(directory: directory))
        let result: Result<Void, any Error>
        do { result = .success(try await body(&bench)) } catch { result = .failure(error) }
        await bench.logs.tidy()
        await journal.close()
        try result.get()
    }
}
