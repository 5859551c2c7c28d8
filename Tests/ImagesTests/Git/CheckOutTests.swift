import Deploys
import Foundation
import Images
import TestSupport
import XCTest

final class CheckOutTests: XCTestCase {
    let cats = AppID(organisation: "iterate", name: "cats")
    let files = FileManager.default

    func withCats(_ body: (URL, GitSource, Repository) async throws -> Void) async throws {
        try await withTemporaryDirectory { root in
            let repository = try await Repository(at: root.appending(path: "repositories/cats"))
            let remotes = DirectoryRemotes(
                root: root.appending(path: "repositories"), defaultOrganisation: "iterate")
            let source = try GitSource(
                workDirectory: root.appending(path: "work"), environment: ProcessInfo.processInfo.environment
            ) { remotes.remote(of: $0) }
            try await body(root, source, repository)
        }
    }

    func text(_ checkout: Checkout, _ path: String) throws -> String {
        try String(contentsOf: checkout.directory.appending(path: path), encoding: .utf8)
    }

    func testHoldsTheCommitAndNotTheWorkTree() async throws {
        try await withCats { root, source, repository in
            let first = try await repository.commit("First", ["a": "old", "sub/run.sh": "#!/bin/sh\n"])
            let script = repository.directory.appending(path: "sub/run.sh")
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
            let second = try await repository.commit("Second", ["a": "new"])
            // Changed and not committed.
            try Data("dirty".utf8).write(to: repository.directory.appending(path: "a"))
            try Data("untracked".utf8).write(to: repository.directory.appending(path: "b"))

            let old = try await source.checkOut(try XCTUnwrap(CommitID(first)), of: cats)
            let new = try await source.checkOut(try XCTUnwrap(CommitID(second)), of: cats)
            XCTAssertEqual(try text(old, "a"), "old")
            XCTAssertEqual(try text(new, "a"), "new")
            XCTAssertEqual(try files.contentsOfDirectory(atPath: new.directory.path).sorted(), ["a", "sub"])
            XCTAssertTrue(files.isExecutableFile(atPath: new.directory.appending(path: "sub/run.sh").path))
            XCTAssertFalse(files.isExecutableFile(atPath: old.directory.appending(path: "sub/run.sh").path))

            old.remove()
            new.remove()
            let left = root.appending(path: "work/check-outs")
            let deadline = ContinuousClock.now + .seconds(10)
            while try !files.contentsOfDirectory(atPath: left.path).isEmpty, .now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
            XCTAssertEqual(try files.contentsOfDirectory(atPath: left.path), [])
            XCTAssertEqual(
                try String(contentsOf: repository.directory.appending(path: "a"), encoding: .utf8), "dirty")
        }
    }

    /// Filters and hooks that the repository or the user has set up, and `.gitattributes` that ask for them.
    func testNothingOfTheRepositoryOrTheUserRuns() async throws {
        try await withCats { root, _, repository in
            let evil = root.appending(path: "evil.sh")
            let mark = root.appending(path: "ran").path
            try Data("#!/bin/sh\ntouch \(mark)\ncat\n".utf8).write(to: evil)
            try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: evil.path)
            var environment = ProcessInfo.processInfo.environment
            environment["HOME"] = root.path
            let source = try GitSource(workDirectory: root.appending(path: "own"), environment: environment) {
                _ in
                GitRemote(url: repository.directory.path)
            }
            let sha = try await repository.commit(
                "First",
                [
                    "a.txt": "text\n", "big.bin": "version https://git-lfs.github.com/spec/v1\n",
                    ".gitattributes":
                        "*.txt filter=evil export-ignore\n*.bin filter=lfs diff=lfs merge=lfs -text\n",
                ])
            try await plantHooks(evil, in: repository, home: root)
            try? files.removeItem(atPath: mark)
            let checkout = try await source.checkOut(try XCTUnwrap(CommitID(sha)), of: cats)
            XCTAssertFalse(files.fileExists(atPath: mark))
            XCTAssertEqual(try text(checkout, "a.txt"), "text\n")
            XCTAssertEqual(try text(checkout, "big.bin"), "version https://git-lfs.github.com/spec/v1\n")
        }
    }

    private func plantHooks(_ program: URL, in repository: Repository, home: URL) async throws {
        let names = [
            "filter.evil.smudge", "filter.lfs.process", "core.fsmonitor", "core.sshCommand",
            "uploadpack.packObjectsHook", "core.alternateRefsCommand", "credential.helper",
        ]
        for name in names {
            try await repository.git(["config", name, program.path])
            try await repository.git(["config", "--file", home.path + "/.gitconfig", name, program.path])
        }
        let hooks = [
            "post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc", "post-merge",
            "pre-commit", "post-upload-pack",
        ]
        let folder = repository.directory.appending(path: ".git/hooks")
        for hook in hooks {
            let path = folder.appending(path: hook)
            try? files.removeItem(at: path)
            try files.copyItem(at: program, to: path)
        }
        try await repository.git([
            "config", "--file", home.path + "/.gitconfig", "core.hooksPath", folder.path,
        ])
    }

    func testLinksStayLinksAndNothingIsWrittenThroughThem() async throws {
        try await withCats { root, source, repository in
            let outside = root.appending(path: "outside")
            try files.createDirectory(at: outside, withIntermediateDirectories: true)
            // A tree that no `git add` makes: a link and a folder of the same name.
            let blob = try await repository.git(["hash-object", "-w", "--stdin"], input: "pwned")
            let link = try await repository.git(["hash-object", "-w", "--stdin"], input: outside.path)
            let folder = try await repository.git(["mktree"], input: "100644 blob \(blob)\tfile\n")
            let tree = try await repository.git(
                ["mktree"], input: "120000 blob \(link)\tlink\n040000 tree \(folder)\tother\n")
            let plain = try await repository.git(["commit-tree", tree, "-m", "Link"])
            try await repository.git(["branch", "plain", plain])
            let checkout = try await source.checkOut(try XCTUnwrap(CommitID(plain)), of: cats)
            XCTAssertEqual(
                try files.destinationOfSymbolicLink(atPath: checkout.directory.appending(path: "link").path),
                outside.path)

            let raw = Data("120000 link\0".utf8) + bytes(link) + Data("40000 link\0".utf8) + bytes(folder)
            let rawFile = root.appending(path: "tree")
            try raw.write(to: rawFile)
            let twice = try await repository.git([
                "hash-object", "-t", "tree", "-w", "--literally", rawFile.path,
            ])
            let evil = try await repository.git(["commit-tree", twice, "-m", "Twice"])
            try await repository.git(["update-ref", "refs/heads/evil", evil])
            // Whether Git refuses the tree or keeps one of the two, nothing may come to lie outside.
            _ = try? await source.checkOut(try XCTUnwrap(CommitID(evil)), of: cats)
            XCTAssertEqual(try files.contentsOfDirectory(atPath: outside.path), [])
        }
    }

    func testTreeWithGitFolderIsRefused() async throws {
        try await withCats { root, source, repository in
            let blob = try await repository.git(["hash-object", "-w", "--stdin"], input: "[core]\n")
            let inner = try await repository.git(["mktree"], input: "100644 blob \(blob)\tconfig\n")
            let rawFile = root.appending(path: "tree")
            try (Data("40000 .git\0".utf8) + bytes(inner)).write(to: rawFile)
            let tree = try await repository.git([
                "hash-object", "-t", "tree", "-w", "--literally", rawFile.path,
            ])
            let sha = try await repository.git(["commit-tree", tree, "-m", "Evil"])
            try await repository.git(["update-ref", "refs/heads/main", sha])
            do {
                _ = try await source.checkOut(try XCTUnwrap(CommitID(sha)), of: cats)
                XCTFail("was checked out")
            } catch SourceError.broken(let sentence) {
                XCTAssertTrue(sentence.contains(".git"), sentence)
            }
        }
    }

    func testUnknownCommit() async throws {
        try await withCats { _, source, repository in
            try await repository.commit("First")
            await assertThrows(SourceError.noSuchRevision(nearest: nil)) {
                try await source.checkOut(
                    try XCTUnwrap(CommitID(String(repeating: "a", count: 40))), of: cats)
            }
        }
    }

    func testRemainsOfAnEarlierProcessAreRemoved() async throws {
        try await withCats { root, source, repository in
            let sha = try await repository.commit("First", ["a": "1"])
            let left = try await source.checkOut(try XCTUnwrap(CommitID(sha)), of: cats)
            _ = try GitSource(workDirectory: root.appending(path: "work"), environment: [:]) { _ in nil }
            XCTAssertFalse(files.fileExists(atPath: left.directory.path))
        }
    }

    /// A full disk, shown on one of its own.
    func testFullDisk() async throws {
        guard getuid() == 0 else { throw XCTSkip("mounting a small file system needs root") }
        try await withTemporaryDirectory { root in
            let disk = root.appending(path: "work")
            try files.createDirectory(at: disk, withIntermediateDirectories: true)
            guard mount("tmpfs", disk.path, "tmpfs", 0, "size=300k") == 0 else {
                throw XCTSkip("this machine does not let us mount a small file system")
            }
            defer { umount(disk.path) }
            let repository = try await Repository(at: root.appending(path: "cats"))
            var noise = SystemRandomNumberGenerator()
            let content = (0..<60_000).map { _ in String(noise.next(), radix: 36) }.joined()
            let sha = try await repository.commit("Big", ["big": content])
            let source = try GitSource(workDirectory: disk, environment: ProcessInfo.processInfo.environment)
            { _ in
                GitRemote(url: repository.directory.path)
            }
            do {
                _ = try await source.checkOut(try XCTUnwrap(CommitID(sha)), of: cats)
                XCTFail("it fitted")
            } catch SourceError.diskFull(let sentence) {
                XCTAssertTrue(sentence.contains("No space"), sentence)
            }
        }
    }

    private func bytes(_ hex: String) -> Data {
        Data(
            stride(from: 0, to: hex.utf8.count, by: 2).compactMap {
                UInt8(hex.dropFirst($0).prefix(2), radix: 16)
            })
    }
}
