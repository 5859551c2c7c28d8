import Deploys
import Foundation
import Images
import TestSupport
import XCTest

final class GitSourceTests: XCTestCase {
    let cats = AppID(organisation: "iterate", name: "cats")

    /// A source over `root/repositories` with one repository, `cats`.
    func withCats(_ body: (GitSource, Repository) async throws -> Void) async throws {
        try await withTemporaryDirectory { root in
            let repository = try await Repository(at: root.appending(path: "repositories/cats"))
            try await body(try source(root), repository)
        }
    }

    func source(_ root: URL) throws -> GitSource {
        let remotes = DirectoryRemotes(
            root: root.appending(path: "repositories"), defaultOrganisation: "iterate")
        return try GitSource(
            workDirectory: root.appending(path: "work"), environment: ProcessInfo.processInfo.environment
        ) { remotes.remote(of: $0) }
    }

    func revision(_ text: String) throws -> Revision { try XCTUnwrap(Revision(text)) }

    // MARK: looking up

    func testBranchWinsOverTagAndTagsArePeeled() async throws {
        try await withCats { source, repository in
            let first = try await repository.commit("First", ["a": "1"])
            try await repository.git(["tag", "--annotate", "--message=tagged", "v1"])
            try await repository.git(["tag", "--annotate", "--message=twice", "v1-again", "v1"])
            try await repository.git(["tag", "both"])
            let second = try await repository.commit("Second", ["a": "2"])
            try await repository.git(["branch", "both"])
            try await repository.git(["branch", "feature/deep"])
            for (name, wanted) in [
                ("v1", first), ("v1-again", first), ("both", second), ("main", second),
                ("feature/deep", second),
            ] {
                let commit = try await source.resolve(try revision(name), of: cats)
                XCTAssertEqual(commit.id.sha, wanted, name)
            }
        }
    }

    func testCommitIsReadWithUnusualCharacters() async throws {
        try await withCats { source, repository in
            let environment = ["GIT_AUTHOR_NAME": "Bjørn \"猫\" O'Neil\u{202E}"]
            try await repository.git(
                ["commit", "--quiet", "--allow-empty", "--file=-"],
                input: "Fix <b> & `rm -rf` 🐈 \u{1B}[31mred\n\nA body.\n", environment: environment)
            let commit = try await source.resolve(try revision("main"), of: cats)
            XCTAssertEqual(commit.subject, "Fix <b> & `rm -rf` 🐈  [31mred")
            XCTAssertEqual(commit.author, "Bjørn \"猫\" O'Neil")
            XCTAssertNil(commit.url)
        }
    }

    func testDigitsOfACommit() async throws {
        try await withCats { source, repository in
            let sha = try await repository.commit("First")
            for digits in [String(sha.prefix(7)), sha.prefix(12).uppercased(), sha, sha.uppercased()] {
                let commit = try await source.resolve(try revision(digits), of: cats)
                XCTAssertEqual(commit.id.sha, sha)
            }
            // A branch may look like digits; then it is meant.
            let second = try await repository.commit("Second")
            try await repository.git(["branch", String(sha.prefix(8))])
            let commit = try await source.resolve(try revision(String(sha.prefix(8))), of: cats)
            XCTAssertEqual(commit.id.sha, second)
        }
    }

    /// Two commits of the empty tree whose digits begin alike, found by counting up their messages.
    func testAmbiguousDigits() async throws {
        try await withCats { source, repository in
            try await repository.git(["hash-object", "-t", "tree", "-w", "/dev/null"])
            for number in [5287, 8786] {
                let content = """
                    tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904
                    author T <t@t> 1000000000 +0000
                    committer T <t@t> 1000000000 +0000

                    number \(number)

                    """
                let sha = try await repository.git(
                    ["hash-object", "-t", "commit", "-w", "--stdin"], input: content)
                XCTAssertTrue(sha.hasPrefix("f75c82c"), sha)
                try await repository.git(["branch", "b\(number)", sha])
            }
            await assertThrows(SourceError.ambiguousRevision) {
                try await source.resolve(try revision("f75c82c"), of: cats)
            }
            let commit = try await source.resolve(try revision("f75c82c6cf6a"), of: cats)
            XCTAssertEqual(commit.subject, "number 8786")
        }
    }

    func testUnknownRevisionNamesTheNearest() async throws {
        try await withCats { source, repository in
            try await repository.commit("First")
            try await repository.git(["branch", "feature/login"])
            try await repository.git(["tag", "v1.2"])
            for (name, nearest) in [
                ("mian", "main"), ("feature/logn", "feature/login"), ("v1.3", "v1.2"), ("zzzzzz", nil),
                ("1234567890123456789012345678901234567890", nil), ("abcdef1", nil), ("#12", nil),
            ] {
                await assertThrows(SourceError.noSuchRevision(nearest: nearest)) {
                    try await source.resolve(try revision(name), of: cats)
                }
            }
        }
    }

    func testEmptyRepository() async throws {
        try await withCats { source, repository in
            await assertThrows(SourceError.empty) { try await source.defaultBranch(of: cats) }
            await assertThrows(SourceError.empty) { try await source.resolve(try revision("main"), of: cats) }
            let sha = try await repository.commit("First")
            let commit = try await source.resolve(try revision("main"), of: cats)
            XCTAssertEqual(commit.id.sha, sha)
        }
    }

    func testMovedForcedAndDeletedBranchesAreSeenAtOnce() async throws {
        try await withCats { source, repository in
            let first = try await repository.commit("First")
            try await repository.git(["branch", "topic"])
            func head(_ name: String) async throws -> String {
                try await source.resolve(try revision(name), of: cats).id.sha
            }
            var seen = try await head("main")
            XCTAssertEqual(seen, first)
            let second = try await repository.commit("Second")
            seen = try await head("main")
            XCTAssertEqual(seen, second)
            try await repository.git(["commit", "--quiet", "--amend", "--allow-empty", "--message=Rewritten"])
            let rewritten = try await repository.git(["rev-parse", "HEAD"])
            seen = try await head("main")
            XCTAssertEqual(seen, rewritten)
            // The commit that was pushed away can still be named, as we have seen it on a branch.
            seen = try await head(second)
            XCTAssertEqual(seen, second)
            // A branch may turn into the folder of others.
            try await repository.git(["branch", "--delete", "--force", "topic"])
            try await repository.git(["branch", "topic/one"])
            seen = try await head("topic/one")
            XCTAssertEqual(seen, rewritten)
            await assertThrows(SourceError.noSuchRevision(nearest: nil)) { try await head("topic") }
        }
    }

    // MARK: default branch

    func testDefaultBranch() async throws {
        try await withCats { source, repository in
            try await repository.commit("First")
            var branch = try await source.defaultBranch(of: cats)
            XCTAssertEqual(branch, "main")
            try await repository.git(["checkout", "--quiet", "-b", "trunk/new"])
            branch = try await source.defaultBranch(of: cats)
            XCTAssertEqual(branch, "trunk/new")
            try await repository.git(["checkout", "--quiet", "--detach"])
            branch = try await source.defaultBranch(of: cats)
            XCTAssertEqual(branch, "main")
            try await repository.git(["symbolic-ref", "HEAD", "refs/heads/gone"])
            do {
                let branch = try await source.defaultBranch(of: cats)
                XCTFail("found \(branch)")
            } catch SourceError.broken(let sentence) {
                XCTAssertTrue(sentence.contains("no default branch"), sentence)
            }
        }
    }

    // MARK: bad input

    func testHostileNamesAreNoRepositories() async throws {
        try await withTemporaryDirectory { root in
            let repository = try await Repository(at: root.appending(path: "repositories/cats"))
            // Whatever the names are, there would be a repository.
            let source = try GitSource(
                workDirectory: root.appending(path: "work"), environment: ProcessInfo.processInfo.environment
            ) { _ in GitRemote(url: repository.directory.path) }
            let names = [
                ("iterate", "--upload-pack=touch \(root.path)/pwned"), ("iterate", "../.."), ("..", "cats"),
                ("iterate", ".."), ("iterate", "."), ("iterate", ""), ("", "cats"), ("iterate", "cats;rm"),
                ("iterate", "cats\nx"), ("iterate", "cats\0"), ("iterate", "c\u{202E}ats"),
                ("iterate", "a/b"),
                ("iterate", String(repeating: "x", count: 5000)),
            ]
            for (organisation, name) in names {
                let app = AppID(organisation: organisation, name: name)
                await assertThrows(SourceError.noSuchRepository) { try await source.defaultBranch(of: app) }
                await assertThrows(SourceError.noSuchRepository) {
                    try await source.resolve(try revision("main"), of: app)
                }
                await assertThrows(SourceError.noSuchRepository) {
                    try await source.checkOut(
                        try XCTUnwrap(CommitID(String(repeating: "a", count: 40))), of: app)
                }
            }
            let mirrors = try FileManager.default.contentsOfDirectory(
                atPath: root.appending(path: "work/mirrors").path)
            XCTAssertEqual(mirrors, [])
        }
    }

    // MARK: the mirror

    func testMirrorLeftLockedOrDamagedByACrashIsMadeAnew() async throws {
        try await withTemporaryDirectory { root in
            let repository = try await Repository(at: root.appending(path: "repositories/cats"))
            let source = try source(root)
            let mirror = root.appending(path: "work/mirrors/iterate+cats.git")
            try await repository.commit("First")
            _ = try await source.resolve(try revision("main"), of: cats)

            try Data().write(to: mirror.appending(path: "refs/heads/main.lock"))
            let second = try await repository.commit("Second")
            let seen = try await source.resolve(try revision("main"), of: cats)
            XCTAssertEqual(seen.id.sha, second)

            // What a power cut does to files that were not synced.
            let packs = mirror.appending(path: "objects/pack")
            for name in try FileManager.default.contentsOfDirectory(atPath: packs.path) where name.hasSuffix(".pack") {
                let pack = packs.appending(path: name)
                try FileManager.default.removeItem(at: pack)
                try Data().write(to: pack)
            }
            let third = try await repository.commit("Third")
            let healed = try await source.resolve(try revision("main"), of: cats)
            XCTAssertEqual(healed.id.sha, third)
        }
    }

    func testManyAtOnce() async throws {
        try await withCats { source, repository in
            var commits: [String] = []
            for number in 1...5 {
                commits.append(try await repository.commit("c\(number)", ["n": "\(number)"]))
            }
            let main = try revision("main")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round in 0..<20 {
                    let sha = commits[round % 5]
                    let last = commits[4]
                    group.addTask { [cats] in
                        let head = try await source.resolve(main, of: cats)
                        XCTAssertEqual(head.id.sha, last)
                        let checkout = try await source.checkOut(try XCTUnwrap(CommitID(sha)), of: cats)
                        defer { checkout.remove() }
                        let content = try String(
                            contentsOf: checkout.directory.appending(path: "n"), encoding: .utf8)
                        XCTAssertEqual(content, "\(round % 5 + 1)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    func testCancellation() async throws {
        try await withCats { source, repository in
            try await repository.commit("First")
            let main = try revision("main")
            let task = Task { [cats] in
                withUnsafeCurrentTask { $0?.cancel() }
                return try await source.resolve(main, of: cats)
            }
            let result = await task.result
            XCTAssertThrowsError(try result.get()) { XCTAssertEqual($0 as? SourceError, .cancelled) }
            // The mirror stays usable.
            _ = try await source.resolve(main, of: cats)
        }
    }
}
