import Deploys
import Foundation
import Images
import Subprocess
import Synchronization
import TestSupport
import XCTest

/// The disk is kept within a limit, and what crashes leave behind is cleared away.
final class WorkspaceTests: XCTestCase {
    private let files = FileManager.default

    /// A day that goes on by a minute with each look at it.
    private final class Clock: Sendable {
        private let seconds = Mutex(0.0)
        func next() -> Date {
            seconds.withLock { seconds in
                seconds += 60
                return Date(timeIntervalSince1970: 1_700_000_000 + seconds)
            }
        }
    }

    private func with(
        _ names: [String], bytes: Int, limit: Int64, _ body: (SourceFolder, [String: String]) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { root in
            let clock = Clock()
            var folder = SourceFolder(root: root)
            folder.options.maxWorkspaceBytes = limit
            folder.now = { clock.next() }
            var commits: [String: String] = [:]
            for name in names {
                let repository = try await folder.repository(name)
                commits[name] = try await repository.commit("First", ["large": SourceFolder.noise(bytes)])
            }
            try await body(folder, commits)
        }
    }

    private func use(_ source: GitSource, _ name: String, _ commits: [String: String]) async throws {
        let checkout = try await source.checkOut(try XCTUnwrap(commits[name]), name)
        checkout.remove()
    }

    func testLeastRecentlyUsedMakesRoom() async throws {
        // A mirror takes about 420 kB here, a check-out 600.
        try await with(["a", "b", "c", "d"], bytes: 600_000, limit: 2_100_000) { folder, commits in
            var source = try folder.source()
            func use(_ name: String) async throws {
                try await self.use(source, name, commits)
                try await eventually("the check-out is gone") {
                    try files.contentsOfDirectory(atPath: folder.checkOuts.path).isEmpty
                        && files.contentsOfDirectory(atPath: folder.rubbish).isEmpty
                }
            }
            try await use("a")
            try await use("b")
            _ = try await source.resolve("main", "a")
            try await use("c")
            XCTAssertEqual(try folder.mirrored(), ["a", "b", "c"])
            // What was used last is known after a restart.
            source = try folder.source()
            try await use("d")
            XCTAssertEqual(try folder.mirrored(), ["a", "c", "d"])
            try await use("b")
            XCTAssertEqual(try folder.mirrored(), ["b", "c", "d"])
        }
    }

    func testRepositoryThatIsTooLargeIsRefusedAndLeavesNothing() async throws {
        try await with(["huge", "small"], bytes: 3_000_000, limit: 1_000_000) { folder, commits in
            let source = try folder.source()
            do {
                _ = try await source.checkOut(try XCTUnwrap(commits["huge"]), "huge")
                XCTFail("was checked out")
            } catch SourceError.broken(let sentence) {
                XCTAssertTrue(sentence.contains("ITERAPP_GIT_WORKSPACE_MIB"), sentence)
            } catch SourceError.diskFull(let sentence) {
                XCTAssertTrue(sentence.contains("ITERAPP_GIT_WORKSPACE_MIB"), sentence)
            }
            try await eventually("the draft is gone") {
                try files.contentsOfDirectory(atPath: folder.checkOuts.path).isEmpty
            }
            // Its commits can still be told, and the next attempt begins with room.
            _ = try await source.resolve("main", "huge")
            XCTAssertLessThan(SourceFolder.bytes(folder.mirror("huge")), 1_000_000 + 700_000)
        }
    }

    /// The remote sends without an end in sight; nothing but the size of what has come says so.
    func testFetchIsEndedWhenItGrowsTooLarge() async throws {
        try await with(["huge"], bytes: 100, limit: 8 << 20) { folder, _ in
            let repository = Repository(existing: folder.root.appending(path: "repositories/huge"))
            for number in 0..<3 {
                let file = repository.directory.appending(path: "large\(number)")
                try await repository.git(["config", "core.compression", "0"])
                try XCTUnwrap(FileHandle(forReadingAtPath: "/dev/urandom")).read(upToCount: 10 << 20)?.write(to: file)
            }
            let sha = try await repository.commit("Huge")
            let source = try folder.source()
            do {
                _ = try await source.checkOut(sha, "huge")
                XCTFail("was checked out")
            } catch SourceError.broken(let sentence) {
                XCTAssertTrue(sentence.contains("8 MiB"), sentence)
            }
            XCTAssertLessThan(SourceFolder.bytes(folder.mirror("huge")), 1 << 20, "half a pack is left")
        }
    }

    func testCheckOutThatIsTooLargeIsNotWritten() async throws {
        // Nothing to speak of in the mirror, much on the disk.
        try await withTemporaryDirectory { root in
            var folder = SourceFolder(root: root)
            folder.options.maxCheckOutBytes = 5 << 20
            let repository = try await folder.repository("cats")
            let zeros = String(repeating: "0", count: 1 << 20)
            var content: [String: String] = [:]
            for number in 1...6 { content["copy\(number)"] = zeros }
            let sha = try await repository.commit("Zeros", content)
            await assertThrows(
                SourceError.broken("Its files take 6 MiB; ITERAPP_GIT_CHECKOUT_MIB allows 5 MiB.")
            ) { try await folder.source().checkOut(sha, "cats") }
            folder.options.maxCheckOutBytes = 6 << 20
            try await folder.source().checkOut(sha, "cats").remove()
            folder.options.maxCheckOutFiles = 5
            await assertThrows(
                SourceError.broken("It has more than 5 files, which is the most that is checked out.")
            ) { try await folder.source().checkOut(sha, "cats") }
        }
    }

    func testWhatIsInUseStays() async throws {
        try await with(["a", "b"], bytes: 600_000, limit: 1_200_000) { folder, commits in
            let source = try folder.source()
            let held = try await source.checkOut(try XCTUnwrap(commits["a"]), "a")
            do {
                _ = try await source.checkOut(try XCTUnwrap(commits["b"]), "b")
                XCTFail("was checked out")
            } catch SourceError.diskFull(let sentence) {
                XCTAssertTrue(sentence.contains("in use"), sentence)
            }
            XCTAssertTrue(files.fileExists(atPath: held.directory.appending(path: "large").path))
            held.remove()
            try await eventually("the check-out is gone") {
                try files.contentsOfDirectory(atPath: folder.rubbish).isEmpty
            }
            try await use(source, "b", commits)
        }
    }

    func testFullDiskIsTriedAgainWithoutWhatNobodyUses() async throws {
        guard getuid() == 0 else { throw XCTSkip("mounting a small file system needs root") }
        try await with(["a", "b"], bytes: 1_000_000, limit: 1 << 30) { folder, commits in
            let disk = folder.root.appending(path: "work")
            try files.createDirectory(at: disk, withIntermediateDirectories: true)
            guard mount("tmpfs", disk.path, "tmpfs", 0, "size=1900k") == 0 else {
                throw XCTSkip("this machine does not let us mount a small file system")
            }
            defer { umount(disk.path) }
            let source = try folder.source()
            try await use(source, "a", commits)
            try await eventually("the check-out is gone") {
                try files.contentsOfDirectory(atPath: folder.rubbish).isEmpty
            }
            try await use(source, "b", commits)
            XCTAssertEqual(try folder.mirrored(), ["b"])
        }
    }

    func testRemainsOfACrashAreClearedAway() async throws {
        try await with(["cats"], bytes: 100, limit: 1 << 30) { folder, commits in
            try await use(try folder.source(), "cats", commits)
            let mirror = folder.mirror("cats")
            let locks = ["packed-refs.lock", "shallow.lock", "HEAD.lock", "config.lock", "refs/heads/main.lock"]
            let halves = ["objects/pack/tmp_pack_AbCdEf", "objects/pack/.tmp-1-pack-ab.pack", "objects/tmp_objdir-x"]
            for name in locks + halves { try Data().write(to: mirror.appending(path: name)) }
            try files.createDirectory(
                at: folder.mirrors.appending(path: "\(UUID().uuidString).new/objects"), withIntermediateDirectories: true)
            try files.createDirectory(
                at: folder.root.appending(path: "work/rubbish/x/y"), withIntermediateDirectories: true)
            let source = try folder.source()
            for name in locks + halves {
                XCTAssertFalse(files.fileExists(atPath: mirror.appending(path: name).path), name)
            }
            XCTAssertEqual(try folder.mirrored(), ["cats"])
            XCTAssertEqual(try files.contentsOfDirectory(atPath: folder.rubbish), [])
            let second = try await Repository(existing: folder.root.appending(path: "repositories/cats")).commit("Second")
            let seen = try await source.resolve("main", "cats")
            XCTAssertEqual(seen.id.sha, second)
        }
    }

    /// A service that was killed leaves its programs running, which would write to the mirror of the next one.
    func testProgramsOfAnEarlierProcessAreEnded() async throws {
        try await with(["cats"], bytes: 100, limit: 1 << 30) { folder, _ in
            _ = try folder.source()
            let configuration = folder.root.appending(path: "work/gitconfig").path
            func start(_ configuration: String) throws -> RunningProgram {
                try RunningProgram(
                    "sleep", ["100"], environment: ["GIT_CONFIG_GLOBAL": configuration],
                    logFile: folder.root.appending(path: "log").path)
            }
            let ours = try start(configuration)
            let others = try start(configuration + "-of-others")
            _ = try folder.source()
            let code = await ours.wait()
            XCTAssertEqual(code, 128 + SIGKILL)
            XCTAssertTrue(others.isRunning)
            await others.terminate(grace: .zero)
        }
    }
}
