import Deploys
import Foundation
import Images
import TestSupport
import XCTest

/// Remotes over HTTP: credentials, and errors told apart.
final class RemoteErrorTests: XCTestCase {
    let cats = AppID(organisation: "iterate", name: "cats")

    /// What looking up `main` of a remote throws.
    func error(_ remote: GitRemote) async throws -> SourceError? {
        try await withTemporaryDirectory { root in
            let source = try GitSource(
                workDirectory: root.appending(path: "work"), environment: ProcessInfo.processInfo.environment
            ) { _ in remote }
            do throws(SourceError) {
                _ = try await source.resolve(Revision("main")!, of: cats)
                return nil
            } catch { return error }
        }
    }

    func testStatusCodes() async throws {
        for (status, wanted) in [
            (401, "accessDenied"), (403, "accessDenied"), (404, "noSuchRepository"), (429, "unreachable"),
            (500, "unreachable"), (502, "unreachable"), (503, "unreachable"),
        ] {
            let server = try WebServer { _ in (status, Data("no".utf8)) }
            let error = try await error(
                GitRemote(url: "http://ada:hunter2-password@127.0.0.1:\(server.port)/cats.git"))
            let text = String(describing: try XCTUnwrap(error))
            XCTAssertTrue(text.hasPrefix(wanted), "\(status): \(text)")
            XCTAssertFalse(text.contains("hunter2"), text)
            XCTAssertFalse(server.requests.isEmpty)
        }
    }

    func testNobodyListens() async throws {
        var server: WebServer? = try WebServer { _ in (200, Data()) }
        let port = try XCTUnwrap(server).port
        server = nil
        let refused = try await error(GitRemote(url: "http://127.0.0.1:\(port)/cats.git"))
        guard case .unreachable(let sentence)? = refused else {
            return XCTFail("\(String(describing: refused))")
        }
        XCTAssertTrue(sentence.contains("http://127.0.0.1:\(port)/cats.git can't be reached"), sentence)
    }

    func testHostileURLs() async throws {
        try await withTemporaryDirectory { root in
            let mark = root.appending(path: "ran").path
            for url in [
                "--upload-pack=touch \(mark)", "-c", "ext::sh -c touch% \(mark)", "file:///nonexistent",
                "/nonexistent",
                "fd::17", "ssh://-oProxyCommand=touch%20\(mark)/x", "git://127.0.0.1/x", "ftp://127.0.0.1/x",
                "",
            ] {
                let thrown = try await error(GitRemote(url: url))
                XCTAssertNotNil(thrown, url)
                XCTAssertFalse(FileManager.default.fileExists(atPath: mark), url)
            }
        }
    }

    /// Serves the repository's files (gitprotocol-http(5), "dumb" clients) to who sends the header.
    private func server(of repository: Repository, wanting authorization: String) throws -> WebServer {
        let files = repository.directory.appending(path: ".git").path
        return try WebServer { head in
            guard head.lowercased().contains("authorization: " + authorization.lowercased()) else {
                return (401, Data())
            }
            let target = head.split(separator: " ")[1].split(separator: "?")[0]
            guard let body = FileManager.default.contents(atPath: files + target) else {
                return (404, Data())
            }
            return (200, body)
        }
    }

    /// A Git that writes down what it is called with.
    private func writeSpy(_ file: URL, log: String) throws {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let git = folders.map { "\($0)/git" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        let real = try XCTUnwrap(git, "Git is not installed")
        try Data("#!/bin/sh\necho \"$@\" >> \(log)\nexec \(real) \"$@\"\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    /// The header goes to the server, and neither into arguments nor into files.
    func testCredentialsTravelInTheEnvironment() async throws {
        try await withTemporaryDirectory { root in
            let repository = try await Repository(at: root.appending(path: "cats"))
            let sha = try await repository.commit("First", ["a": "1"])
            try await repository.git(["update-server-info"])
            let secret = "Basic c2VjcmV0LXRva2Vu"
            let server = try server(of: repository, wanting: secret)
            let log = root.appending(path: "arguments").path
            try writeSpy(root.appending(path: "git"), log: log)
            var environment = ProcessInfo.processInfo.environment
            environment["PATH"] = root.path + ":" + (environment["PATH"] ?? "")
            environment["GITHUB_TOKEN"] = "must-not-leak"

            let url = "http://127.0.0.1:\(server.port)/"
            let source = try GitSource(workDirectory: root.appending(path: "work"), environment: environment)
            { _ in
                GitRemote(
                    url: url,
                    environment: [
                        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.extraHeader",
                        "GIT_CONFIG_VALUE_0": "Authorization: \(secret)",
                    ]
                ) { "https://example.org/commit/\($0)" }
            }
            let branch = try await source.defaultBranch(of: cats)
            XCTAssertEqual(branch, "main")
            let commit = try await source.resolve(try XCTUnwrap(Revision("main")), of: cats)
            XCTAssertEqual(commit.id.sha, sha)
            XCTAssertEqual(commit.url, "https://example.org/commit/\(sha)")

            let arguments = try String(contentsOfFile: log, encoding: .utf8)
            XCTAssertTrue(arguments.contains("fetch"), arguments)
            XCTAssertFalse(arguments.contains("c2VjcmV0"), arguments)
            let work = root.appending(path: "work")
            for path in try FileManager.default.subpathsOfDirectory(atPath: work.path) {
                let content = FileManager.default.contents(atPath: work.appending(path: path).path) ?? Data()
                XCTAssertNil(content.range(of: Data("c2VjcmV0".utf8)), path)
            }
        }
    }
}
