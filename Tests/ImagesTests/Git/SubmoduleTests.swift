import Deploys
import Foundation
import Images
import TestSupport
import XCTest

final class SubmoduleTests: XCTestCase {
    private let files = FileManager.default

    /// `cats`, `lib` and `deep` side by side.
    private func with(_ body: (SourceFolder, Repository, String, String) async throws -> Void) async throws {
        try await withTemporaryDirectory { root in
            var folder = SourceFolder(root: root)
            folder.options.includesSubmodules = true
            let deep = try await folder.repository("deep")
            let deepest = try await deep.commit("Deep", ["deep.txt": "deep"])
            let lib = try await folder.repository("lib")
            try await self.add([("sub/deep", "../deep", deepest)], to: lib)
            try Data("lib".utf8).write(to: lib.directory.appending(path: "lib.txt"))
            try await lib.git(["add", "lib.txt"])
            let commit = try await commitIndex(lib)
            try await body(folder, try await folder.repository("cats"), commit, deepest)
        }
    }

    /// Into the index, as no porcelain would for some of them.
    private func add(_ modules: [(path: String, url: String, commit: String)], to repository: Repository) async throws {
        var text = ""
        for module in modules {
            text += "[submodule \"\(module.path)\"]\n\tpath = \(module.path)\n\turl = \(module.url)\n"
            try await repository.git([
                "update-index", "--add", "--cacheinfo", "160000,\(module.commit),\(module.path)",
            ])
        }
        let file = repository.directory.appending(path: ".gitmodules")
        try Data(text.utf8).write(to: file)
        try await repository.git(["add", ".gitmodules"])
    }

    private func commitIndex(_ repository: Repository) async throws -> String {
        try await repository.git(["commit", "--quiet", "--message=With submodules"])
        return try await repository.git(["rev-parse", "HEAD"])
    }

    func testSubmodulesAndTheirs() async throws {
        try await with { folder, cats, lib, _ in
            try await add([("vendor/lib", "../lib.git", lib)], to: cats)
            let sha = try await commitIndex(cats)
            let checkout = try await folder.source().checkOut(sha, "cats")
            for (path, text) in [("vendor/lib/lib.txt", "lib"), ("vendor/lib/sub/deep/deep.txt", "deep")] {
                let found = try? String(contentsOf: checkout.directory.appending(path: path), encoding: .utf8)
                XCTAssertEqual(found, text, path)
            }
            checkout.remove()
            try await eventually("all is removed") { try files.contentsOfDirectory(atPath: folder.checkOuts.path).isEmpty }

            var folder = folder
            folder.options.includesSubmodules = false
            let without = try await folder.source().checkOut(sha, "cats")
            XCTAssertEqual(try files.contentsOfDirectory(atPath: without.directory.appending(path: "vendor/lib").path), [])
        }
    }

    func testOtherAddressesAreRefused() async throws {
        try await with { folder, cats, lib, _ in
            let outside = try await Repository(at: folder.root.appending(path: "outside"))
            let secret = try await outside.commit("Secret", ["secret": "s"])
            let mark = folder.root.appending(path: "ran").path
            let source = try folder.source()
            let urls = [
                outside.directory.path, "file://\(outside.directory.path)", "../../outside", "ext::sh -c touch% \(mark)",
                "--upload-pack=touch \(mark)", "-u", "https://example.org/iterate/lib", "git://127.0.0.1/lib", "",
                "ssh://-oProxyCommand=touch%20\(mark)/x", "../../../../../../etc", "../.git", "./", "..",
            ]
            for url in urls {
                for commit in [secret, lib] {
                    try await add([("lib", url, commit)], to: cats)
                    let sha = try await commitIndex(cats)
                    do {
                        _ = try await source.checkOut(sha, "cats")
                        XCTFail("\(url) was checked out")
                    } catch SourceError.broken(let sentence) {
                        XCTAssertTrue(sentence.contains("submodule"), sentence)
                    }
                    XCTAssertFalse(files.fileExists(atPath: mark), url)
                }
            }
            XCTAssertFalse(try folder.mirrored().contains("outside"))
        }
    }

    func testLimitsAndCircles() async throws {
        try await with { folder, cats, lib, deepest in
            let first = try await cats.commit("First")
            // A commit can't name itself, but one repository can be its own submodule.
            try await add([("self", "../cats", first)], to: cats)
            var sha = try await commitIndex(cats)
            for _ in 0..<6 {
                try await add([("self", "../cats", sha)], to: cats)
                sha = try await commitIndex(cats)
            }
            await refused("deep in one another") { try await folder.source().checkOut(sha, "cats") }

            try await cats.git(["rm", "--quiet", "--cached", "self"])
            try await add((0..<4).map { ("d\($0)", "../deep", deepest) }, to: cats)
            sha = try await commitIndex(cats)
            try await folder.source().checkOut(sha, "cats").remove()
            var few = folder
            few.options.maxSubmodules = 3
            await refused("more than 3 submodules") { try await few.source().checkOut(sha, "cats") }
            var small = folder
            small.options.maxCheckOutBytes = 10_000
            await refused("takes more than") { try await small.source().checkOut(sha, "cats") }
            _ = lib
        }
    }

    private func refused(_ words: String, _ body: () async throws -> Checkout) async {
        do {
            _ = try await body()
            XCTFail("was checked out")
        } catch SourceError.broken(let sentence) {
            XCTAssertTrue(sentence.contains(words), sentence)
        } catch { XCTFail("\(error)") }
    }

    func testCommitAndRepositoryThatAreGone() async throws {
        try await with { folder, cats, _, _ in
            try await add([("lib", "../lib", String(repeating: "a", count: 40))], to: cats)
            await refused("no commit aaaaaaa any more") { try await folder.source().checkOut(try await commitIndex(cats), "cats") }
            try await add([("lib", "../nothing", String(repeating: "a", count: 40))], to: cats)
            await refused("no repository that Iterapp may read") {
                try await folder.source().checkOut(try await commitIndex(cats), "cats")
            }
        }
    }

    /// Each repository has a token of its own, and people's forms of addresses lead to the same place.
    func testOverHTTP() async throws {
        try await with { folder, cats, _, deepest in
            let server = try await GitHubStandIn(in: folder.root)
            for name in ["cats", "deep"] {
                let hosted = try await server.addRepository("iterate", name)
                let work = Repository(existing: folder.root.appending(path: "repositories/\(name)"))
                try await work.git(["remote", "add", "origin", hosted.directory.path])
            }
            try await Repository(existing: folder.root.appending(path: "repositories/deep")).git(["push", "--quiet", "origin", "main"])
            try await add(
                [
                    ("a", "../deep.git", deepest), ("b", server.url + "/Iterate/deep", deepest),
                    ("c", "git@127.0.0.1:iterate/deep.git", deepest),
                ], to: cats)
            let sha = try await commitIndex(cats)
            try await cats.git(["push", "--quiet", "origin", "main"])
            let (url, tokens) = (server.url, ["cats": server.addPersonalToken(), "deep": server.addPersonalToken()])
            let source = try folder.source { app in
                guard let token = tokens[app.name.lowercased()] else { return nil }
                let pair = Data("x-access-token:\(token)".utf8).base64EncodedString()
                return GitRemote(
                    url: "\(url)/\(app.organisation)/\(app.name).git",
                    environment: [
                        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "http.\(url)/.extraHeader",
                        "GIT_CONFIG_VALUE_0": "Authorization: Basic \(pair)",
                    ])
            }
            do {
                let checkout = try await source.checkOut(sha, "cats")
                for path in ["a", "b", "c"] {
                    XCTAssertTrue(files.fileExists(atPath: checkout.directory.appending(path: "\(path)/deep.txt").path), path)
                }
            } catch { XCTFail("\(error)") }
            await server.stop()
        }
    }
}
