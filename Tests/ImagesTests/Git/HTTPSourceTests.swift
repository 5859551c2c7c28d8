import Deploys
import Foundation
import Images
import Subprocess
import Synchronization
import TestSupport
import XCTest

/// Real Git over HTTP, which demands a token.
final class HTTPSourceTests: XCTestCase {
    private func with(
        _ settings: [String: String],
        _ body: (SourceFolder, Repository, GitHubStandIn, GitRemote) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { root in
            let server = try await GitHubStandIn(in: root)
            let hosted = try await server.addRepository("iterate", "cats")
            for (name, value) in settings {
                try await Repository(existing: hosted.directory).git(["config", name, value])
            }
            let folder = SourceFolder(root: root)
            let work = try await folder.repository("cats")
            try await work.git(["remote", "add", "origin", hosted.directory.path])
            let pair = Data("x-access-token:\(server.addPersonalToken())".utf8).base64EncodedString()
            let remote = GitRemote(
                url: server.url + "/iterate/cats.git",
                environment: [
                    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader",
                    "GIT_CONFIG_VALUE_0": "Authorization: Basic \(pair)",
                ])
            do { try await body(folder, work, server, remote) } catch {
                await server.stop()
                throw error
            }
            await server.stop()
        }
    }

    private func push(_ work: Repository, _ subject: String) async throws -> String {
        let sha = try await work.commit(subject, ["large": SourceFolder.noise(300_000), "small": subject])
        try await work.git(["push", "--quiet", "--force", "origin", "HEAD:main"])
        return sha
    }

    /// As GitHub does it, and as a server that does not know filters.
    func testFirstAndLaterDeploys() async throws {
        for filters in ["true", "false"] {
            try await with(["uploadpack.allowFilter": filters]) { folder, work, server, remote in
                for number in 1...5 { _ = try await push(work, "c\(number)") }
                let source = try folder.source { _ in remote }
                let head = try await source.resolve("main", "cats")
                let checkout = try await source.checkOut(head.id.sha, "cats")
                let text = try String(contentsOf: checkout.directory.appending(path: "small"), encoding: .utf8)
                XCTAssertEqual(text, "c5")
                let size = SourceFolder.bytes(folder.mirror("cats"))
                if filters == "true" { XCTAssertLessThan(size, 300_000) } else { XCTAssertGreaterThan(size, 700_000) }

                let before = server.exchanges.count
                let next = try await push(work, "c6")
                let second = try await source.checkOut(next, "cats")
                XCTAssertEqual(
                    try String(contentsOf: second.directory.appending(path: "small"), encoding: .utf8), "c6")
                XCTAssertLessThanOrEqual(server.exchanges.count - before, filters == "true" ? 16 : 8)
            }
        }
    }

    func testServerThatBreaksOffLeavesAMirrorThatWorks() async throws {
        try await with(["uploadpack.allowFilter": "true"]) { folder, work, server, remote in
            _ = try await push(work, "c1")
            let source = try folder.source { _ in remote }
            for _ in 0..<2 {
                server.fail(.lostAnswer, at: "git-upload-pack")
                do {
                    _ = try await source.resolve("main", "cats")
                } catch SourceError.unreachable {}
            }
            server.recover()
            let sha = try await push(work, "c2")
            server.fail(.lostAnswer, method: "POST", at: "git-upload-pack")
            _ = try? await source.checkOut(sha, "cats")
            server.recover()
            try await source.checkOut(sha, "cats").remove()
        }
    }

    /// A deploy is cancelled while its fetch waits for an answer; the next one finds nothing in its way.
    func testCancelledFetchLeavesNothingInTheWay() async throws {
        try await with(["uploadpack.allowFilter": "true"]) { folder, work, server, remote in
            let sha = try await push(work, "c1")
            let source = try folder.source { _ in remote }
            for part in ["info/refs", "git-upload-pack"] {
                let (asked, signal) = AsyncStream.makeStream(of: Void.self)
                server.observe { if $0.path.hasSuffix(part) { signal.yield() } }
                server.fail(.silence, at: part)
                let task = Task { try await source.checkOut(sha, "cats") }
                for await _ in asked { break }
                task.cancel()
                let result = await task.result
                XCTAssertThrowsError(try result.get()) { XCTAssertEqual($0 as? SourceError, .cancelled) }
                server.recover()
            }
            server.observe { _ in }
            let paths = FileManager.default.subpaths(atPath: folder.mirrors.path) ?? []
            XCTAssertFalse(paths.contains { $0.hasSuffix(".lock") || $0.contains("tmp_") }, "\(paths)")
            try await source.checkOut(sha, "cats").remove()
        }
    }

    func testManyAppsAndOperationsAtOnce() async throws {
        try await with(["uploadpack.allowFilter": "true"]) { folder, work, _, remote in
            var commits: [String] = []
            for number in 1...4 { commits.append(try await push(work, "c\(number)")) }
            let source = try folder.source { _ in remote }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round in 0..<12 {
                    let (sha, app) = (commits[round % 4], "app\(round % 3)")
                    group.addTask {
                        let checkout = try await source.checkOut(sha, app)
                        defer { checkout.remove() }
                        let text = try String(contentsOf: checkout.directory.appending(path: "small"), encoding: .utf8)
                        XCTAssertEqual(text, "c\(round % 4 + 1)")
                    }
                    if round % 3 == 0 {
                        group.addTask {
                            let task = Task { try await source.checkOut(sha, app) }
                            task.cancel()
                            try? await task.value.remove()
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
