import Deploys
import Foundation
import Images
import TestSupport
import XCTest

/// What is fetched, and when: little, and enough.
final class MirrorTests: XCTestCase {
    private func with(_ body: (SourceFolder, Repository) async throws -> Void) async throws {
        try await withTemporaryDirectory { root in
            let folder = SourceFolder(root: root)
            try await body(folder, try await folder.repository("cats"))
        }
    }

    private func text(_ checkout: Checkout, _ path: String) throws -> String {
        try String(contentsOf: checkout.directory.appending(path: path), encoding: .utf8)
    }

    /// Each commit replaces a large file.
    private func history(_ repository: Repository, _ count: Int, bytes: Int) async throws -> [String] {
        var commits: [String] = []
        for number in 1...count {
            commits.append(
                try await repository.commit(
                    "c\(number)", ["sub/large": SourceFolder.noise(bytes), "number": "\(number)", "same": "same"]))
        }
        return commits
    }

    func testOnlyFilesThatAreCheckedOutAreFetched() async throws {
        try await with { folder, repository in
            let commits = try await history(repository, 12, bytes: 200_000)
            try await repository.git(["tag", "--annotate", "--message=old", "v1", commits[2]])
            let source = try folder.source()
            let named = try await source.resolve("main", "cats")
            XCTAssertEqual(named.id.sha, commits[11])
            XCTAssertLessThan(SourceFolder.bytes(folder.mirror("cats")), 30_000)

            let new = try await source.checkOut(commits[11], "cats")
            XCTAssertEqual(try text(new, "number"), "12")
            XCTAssertEqual(try text(new, "sub/large").count, 200_000)
            XCTAssertLessThan(SourceFolder.bytes(folder.mirror("cats")), 200_000)

            // Old releases still work, by tag, by digits, and as what would change.
            let old = try await source.resolve("v1", "cats")
            XCTAssertEqual(old.id.sha, commits[2])
            let digits = try await source.resolve(String(commits[5].prefix(9)), "cats")
            XCTAssertEqual(digits.subject, "c6")
            let checkout = try await source.checkOut(old.id.sha, "cats")
            XCTAssertEqual(try text(checkout, "number"), "3")
            XCTAssertEqual(try text(checkout, "same"), "same")
            let range = try await source.commits(
                from: old.id, to: named.id, of: SourceFolder.app("cats"), atMost: 2, within: .seconds(20))
            XCTAssertEqual(range.newest.map(\.subject), ["c12", "c11"])
            XCTAssertEqual(range.count, 9)
        }
    }

    /// An unknown digit sequence is answered from the mirror: nothing is asked of the remote object by object.
    func testReadingFetchesNothing() async throws {
        try await with { folder, repository in
            let commits = try await history(repository, 2, bytes: 100)
            let git = repository.directory.appending(path: ".git").path
            let source = try folder.source { _ in GitRemote(url: git) }
            _ = try await source.resolve("main", "cats")
            try FileManager.default.removeItem(at: repository.directory)
            let range = try await source.commits(
                from: try XCTUnwrap(CommitID(commits[0])), to: try XCTUnwrap(CommitID(commits[1])),
                of: SourceFolder.app("cats"), atMost: 2, within: .seconds(20))
            XCTAssertEqual(range.count, 1)
        }
    }

    /// A remote that knows neither filters nor objects by digits: all is fetched, as from any old server.
    func testRemoteThatGivesNoObjectsByTheirDigits() async throws {
        try await with { folder, repository in
            let commits = try await history(repository, 3, bytes: 1_000)
            for setting in ["allowAnySHA1InWant", "allowReachableSHA1InWant", "allowTipSHA1InWant"] {
                try await repository.git(["config", "uploadpack.\(setting)", "false"])
            }
            // Protocol 2 gives any object.
            let git = folder.root.appending(path: "git")
            let real = try await repository.git(["--exec-path"]) + "/git"
            try Data("#!/bin/sh\nexec \(real) -c protocol.version=0 \"$@\"\n".utf8).write(to: git)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: git.path)
            var folder = folder
            folder.environment["PATH"] = folder.root.path + ":" + (folder.environment["PATH"] ?? "")
            for filters in ["true", "false"] {
                try await repository.git(["config", "uploadpack.allowFilter", filters])
                try? FileManager.default.removeItem(at: folder.mirror("cats"))
                let source = try folder.source()
                for (index, commit) in commits.enumerated() {
                    let checkout = try await source.checkOut(commit, "cats")
                    XCTAssertEqual(try text(checkout, "number"), "\(index + 1)")
                }
                let next = try await repository.commit("next", ["number": "next"])
                let checkout = try await source.checkOut(next, "cats")
                XCTAssertEqual(try text(checkout, "number"), "next")
            }
        }
    }

    /// A branch is deleted, or pushed over, between the command and the build.
    func testCommitThatNoBranchLeadsToAnyMore() async throws {
        try await with { folder, repository in
            try await repository.commit("First", ["number": "1"])
            try await repository.git(["checkout", "--quiet", "-b", "topic"])
            let gone = try await repository.commit("Topic", ["number": "2"])
            let source = try folder.source()
            _ = try await source.resolve("topic", "cats")
            try await repository.git(["checkout", "--quiet", "main"])
            try await repository.git(["branch", "--quiet", "-D", "topic"])
            _ = try await source.resolve("main", "cats")
            let known = try await source.checkOut(gone, "cats")
            XCTAssertEqual(try text(known, "number"), "2")

            // Also when the mirror had to make room for others meanwhile.
            try FileManager.default.removeItem(at: folder.mirror("cats"))
            let fetched = try await folder.source().checkOut(gone, "cats")
            XCTAssertEqual(try text(fetched, "number"), "2")

            // Nobody gets it by its digits who has not looked it up while it was there.
            try FileManager.default.removeItem(at: folder.mirror("cats"))
            await assertThrows(SourceError.noSuchRevision(nearest: nil)) {
                try await folder.source().resolve(gone, "cats")
            }
            try await repository.git(["reflog", "expire", "--expire=now", "--all"])
            try await repository.git(["gc", "--quiet", "--prune=now"])
            await assertThrows(SourceError.noSuchRevision(nearest: nil)) {
                try await folder.source().checkOut(gone, "cats")
            }
        }
    }

    func testDamagedFilesAreFetchedAgain() async throws {
        try await with { folder, repository in
            let sha = try await repository.commit("First", ["number": SourceFolder.noise(5_000)])
            let source = try folder.source()
            try await source.checkOut(sha, "cats").remove()
            let packs = folder.mirror("cats").appending(path: "objects/pack")
            for name in try FileManager.default.contentsOfDirectory(atPath: packs.path) where name.hasSuffix(".pack") {
                let pack = packs.appending(path: name)
                var content = try Data(contentsOf: pack)
                // The middle of it: headers and lengths stay right.
                for index in content.count / 3..<content.count / 2 { content[index] ^= 0xFF }
                try FileManager.default.removeItem(at: pack)
                try content.write(to: pack)
            }
            let checkout = try await source.checkOut(sha, "cats")
            XCTAssertEqual(try text(checkout, "number").count, 5_000)
        }
    }

    func testPacksAreJoinedWhenThereAreMany() async throws {
        try await with { folder, repository in
            var folder = folder
            folder.options.maxPacks = 10
            let source = try folder.source()
            var commits: [String] = []
            for number in 1...9 {
                commits.append(try await repository.commit("c\(number)", ["number": "\(number)"]))
                _ = try await source.resolve("main", "cats")
                try await source.checkOut(commits[number - 1], "cats").remove()
            }
            let packs = try FileManager.default.contentsOfDirectory(
                atPath: folder.mirror("cats").appending(path: "objects/pack").path)
            XCTAssertLessThan(packs.count { $0.hasSuffix(".pack") }, 12)
            try FileManager.default.removeItem(at: repository.directory)
            let checkout = try await source.checkOut(commits[0], "cats")
            XCTAssertEqual(try text(checkout, "number"), "1")
        }
    }
}
