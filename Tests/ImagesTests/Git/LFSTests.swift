import Deploys
import Foundation
import HTTP
import Images
import Subprocess
import Synchronization
import TestSupport
import XCTest

/// Files that Git LFS keeps, from a server of its API (git-lfs, docs/api/batch.md).
final class LFSTests: XCTestCase {
    private let secret = "Basic c2VjcmV0LXRva2Vu"
    private let content = String(repeating: "large ", count: 2_000)

    private final class Seen: Sendable {
        let requests = Mutex<[(path: String, authorization: String?)]>([])
        func note(_ request: HTTPRequest) {
            requests.withLock { $0.append((request.path, request.headers["Authorization"])) }
        }
        var all: [(path: String, authorization: String?)] { requests.withLock { $0 } }
    }

    private func server(_ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse) throws -> (HTTPServer, String) {
        var settings = HTTPServerSettings()
        settings.port = 0
        let server = HTTPServer(settings) { answer($0) }
        return (server, "http://127.0.0.1:\(try server.start())")
    }

    /// - Parameter body: gets the commit, and what was asked of the repository's server, and of another that keeps files.
    private func with(
        _ options: GitOptions, environment: [String: String] = ProcessInfo.processInfo.environment,
        _ body: (GitSource, String, Seen, Seen) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { root in
            var folder = SourceFolder(root: root)
            folder.options = options
            folder.environment = environment
            let repository = try await folder.repository("cats")
            let oid = try await sha256(content)
            let elsewhere = Seen()
            let sha = try await repository.commit(
                "With LFS",
                [
                    ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n",
                    "a.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:\(oid)\nsize \(content.utf8.count)\n",
                    ".lfsconfig": "[lfs]\n\turl = http://127.0.0.1:1/evil\n", "plain.txt": "plain",
                ])
            try await repository.git(["update-server-info"])
            let content = content
            let (store, storeURL) = try server { request in
                elsewhere.note(request)
                return HTTPResponse(status: 200, body: .bytes(Array(content.utf8)))
            }
            let seen = Seen()
            let (git, secret, size) = (repository.directory.appending(path: ".git").path, secret, content.utf8.count)
            let (host, hostURL) = try server { request in
                seen.note(request)
                guard request.headers["Authorization"] == secret else { return .text(401, "") }
                if request.path == "/cats.git/info/lfs/objects/batch" {
                    let text = """
                        {"transfer":"basic","objects":[{"oid":"\(oid)","size":\(size),
                        "actions":{"download":{"href":"\(storeURL)/\(oid)"}}}]}
                        """
                    return HTTPResponse(
                        status: 200, headers: ["Content-Type": "application/vnd.git-lfs+json"],
                        body: .bytes(Array(text.utf8)))
                }
                let path = git + request.path.dropFirst("/cats.git".count)
                guard let file = FileManager.default.contents(atPath: path) else { return .text(404, "") }
                return HTTPResponse(status: 200, body: .bytes(Array(file)))
            }
            let source = try folder.source { _ in
                GitRemote(
                    url: hostURL + "/cats.git",
                    environment: [
                        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.\(hostURL)/.extraHeader",
                        "GIT_CONFIG_VALUE_0": "Authorization: \(secret)",
                    ])
            }
            do { try await body(source, sha, seen, elsewhere) } catch { XCTFail("\(error)") }
            await host.stop(grace: .zero)
            await store.stop(grace: .zero)
        }
    }

    private func sha256(_ text: String) async throws -> String {
        var run = ProgramRun("sha256sum", [], timeLimit: .seconds(10))
        run.input = Array(text.utf8)
        return String(String(decoding: try await run.run().output, as: UTF8.self).prefix(64))
    }

    private var withLFS: GitOptions {
        var options = GitOptions()
        options.includesLFS = true
        return options
    }

    private func needLFS() async throws {
        let version = try? await ProgramRun("git-lfs", ["version"], timeLimit: .seconds(10)).run()
        guard version?.exitCode == 0 else { throw XCTSkip("the program git-lfs is not installed") }
    }

    func testFilesAreFetchedAndTheTokenStays() async throws {
        try await needLFS()
        try await with(withLFS) { source, sha, seen, elsewhere in
            let checkout = try await source.checkOut(sha, "cats")
            let text = try String(contentsOf: checkout.directory.appending(path: "a.bin"), encoding: .utf8)
            XCTAssertEqual(text.count, content.count)
            XCTAssertTrue(seen.all.contains { $0.path.hasSuffix("/info/lfs/objects/batch") })
            XCTAssertEqual(elsewhere.all.count, 1)
            XCTAssertNil(elsewhere.all.first?.authorization, "the token was sent to another host")
        }
    }

    func testTooMuchIsRefused() async throws {
        try await needLFS()
        var options = withLFS
        options.maxCheckOutBytes = 8_192
        try await with(options) { source, sha, _, _ in
            do {
                _ = try await source.checkOut(sha, "cats")
                XCTFail("was checked out")
            } catch SourceError.broken(let sentence) {
                // Whoever sees it first says so: the list of what is wanted, or the disk.
                let isSeen = sentence.contains("Git LFS") || sentence.contains("would have to be fetched")
                XCTAssertTrue(isSeen, sentence)
            }
        }
    }

    func testMissingProgramIsNamed() async throws {
        let real = try XCTUnwrap(
            (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/git" }
                .first { FileManager.default.isExecutableFile(atPath: $0) })
        try await withTemporaryDirectory { root in
            // Only what Git itself needs is on this path.
            for name in ["git", "sh"] {
                let target = name == "git" ? real : "/bin/sh"
                try FileManager.default.createSymbolicLink(
                    at: root.appending(path: name), withDestinationURL: URL(filePath: target))
            }
            try await with(withLFS, environment: ["PATH": root.path]) { source, sha, _, _ in
                do {
                    _ = try await source.checkOut(sha, "cats")
                    XCTFail("was checked out")
                } catch SourceError.broken(let sentence) {
                    XCTAssertTrue(sentence.contains("package `git-lfs`"), sentence)
                }
            }
        }
    }

    func testPointersStayWithoutTheSetting() async throws {
        try await with(GitOptions()) { source, sha, seen, _ in
            let checkout = try await source.checkOut(sha, "cats")
            let text = try String(contentsOf: checkout.directory.appending(path: "a.bin"), encoding: .utf8)
            XCTAssertTrue(text.hasPrefix("version https://git-lfs"))
            XCTAssertFalse(seen.all.contains { $0.path.contains("lfs") })
        }
    }
}
