import AppFile
import Foundation
import TestSupport
import XCTest

/// A real directory, which holds whatever a repository's authors put there.
final class DirectoryTreeTests: XCTestCase {
    private func write(_ text: String, to url: URL) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private func link(_ url: URL, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: target)
    }

    private func error(_ tree: DirectoryTree, _ path: String) -> FileTreeError? {
        do throws(FileTreeError) {
            _ = try tree.read(path)
            return nil
        } catch {
            return error
        }
    }

    func testFilesInsideAreRead() async throws {
        try await withTemporaryDirectory { root in
            try write("port = 80", to: root.appending(path: "app/iterapp.toml"))
            try link(root.appending(path: "alias"), to: "app")
            try link(root.appending(path: "linked.toml"), to: root.appending(path: "app/iterapp.toml").path)
            let tree = DirectoryTree(root: root)
            for path in ["app/iterapp.toml", "alias/iterapp.toml", "linked.toml"] {
                XCTAssertEqual(try tree.read(path), Array("port = 80".utf8), path)
            }
            XCTAssertNil(try tree.read("iterapp.toml"))
            XCTAssertNil(try tree.read("app/iterapp.toml/x"))
            XCTAssertTrue(try tree.isFolder("app"))
            XCTAssertTrue(try tree.isFolder("alias"))
            XCTAssertFalse(try tree.isFolder("app/iterapp.toml"))
            XCTAssertFalse(try tree.isFolder("nothing"))
        }
    }

    func testNothingOutsideIsRead() async throws {
        try await withTemporaryDirectory { parent in
            let root = parent.appending(path: "repository")
            try write("secret", to: parent.appending(path: "outside/iterapp.toml"))
            try write("secret", to: parent.appending(path: "repository-2/iterapp.toml"))
            try write("", to: root.appending(path: "inside/file"))
            try link(root.appending(path: "file"), to: "../outside/iterapp.toml")
            try link(root.appending(path: "absolute"), to: parent.appending(path: "outside").path)
            try link(root.appending(path: "sibling"), to: "../repository-2")
            let tree = DirectoryTree(root: root)
            let paths = [
                "../outside/iterapp.toml", "inside/../../outside/iterapp.toml", "file",
                "absolute/iterapp.toml", "sibling/iterapp.toml", "/etc/passwd", "inside/../inside/file",
                "inside\0/file", "..",
            ]
            for path in paths { XCTAssertEqual(error(tree, path), .outsideTree, path) }
            XCTAssertThrowsError(try tree.isFolder("absolute"))
        }
    }

    func testWhatIsNoFileIsRefusedAndNeverWaitedFor() async throws {
        try await withTemporaryDirectory { root in
            try write("", to: root.appending(path: "folder/iterapp.toml/file"))
            XCTAssertEqual(mkfifo(root.appending(path: "pipe").path, 0o600), 0)
            try link(root.appending(path: "loop"), to: "loop")
            try link(root.appending(path: "dangling"), to: "nothing")
            try link(root.appending(path: "null"), to: "/dev/null")
            let tree = DirectoryTree(root: root)
            XCTAssertEqual(error(tree, "folder/iterapp.toml"), .isFolder)
            try assertNotWaitedFor(tree, "pipe")
            XCTAssertEqual(error(tree, "loop"), .unreadable("it is a symbolic link that leads in a circle"))
            XCTAssertEqual(error(tree, "dangling"), .unreadable("it is a symbolic link to nothing"))
            XCTAssertEqual(error(tree, "null"), .outsideTree)
            XCTAssertEqual(
                error(DirectoryTree(root: root.appending(path: "absent")), "x"),
                .unreadable("No such file or directory"))
        }
    }

    /// Reads a pipe that nobody writes to, on a thread of its own, which may then be stuck.
    private func assertNotWaitedFor(_ tree: DirectoryTree, _ path: String) throws {
        let isRefused = XCTestExpectation(description: "a pipe is refused")
        Thread {
            do throws(FileTreeError) {
                _ = try tree.read(path)
            } catch {
                if error == .notRegular { isRefused.fulfill() }
            }
        }.start()
        XCTAssertEqual(XCTWaiter.wait(for: [isRefused], timeout: 20), .completed)
    }

    func testFilesAreReadUpToTheLimit() async throws {
        try await withTemporaryDirectory { root in
            let tree = DirectoryTree(root: root, maxFileBytes: 1000)
            try write(String(repeating: "x", count: 1000), to: root.appending(path: "most"))
            try write(String(repeating: "x", count: 1001), to: root.appending(path: "more"))
            XCTAssertEqual(try tree.read("most")?.count, 1000)
            XCTAssertEqual(error(tree, "more"), .tooLarge(maxBytes: 1000))
        }
    }

    func testARepositoryOnDisk() async throws {
        try await withTemporaryDirectory { root in
            try write("applings = ['a', 'b', 'c', 'd', 'e']", to: root.appending(path: "iterapp.toml"))
            try write("", to: root.appending(path: "a/iterapp.toml/x"))
            let tooLong = String(repeating: "#", count: AppFile.maxFileBytes + 1)
            try write(tooLong, to: root.appending(path: "b/iterapp.toml"))
            try write("", to: root.appending(path: "c/x"))
            try link(root.appending(path: "c/iterapp.toml"), to: "/etc/hostname")
            try link(root.appending(path: "d"), to: "/")
            try write("port = 81", to: root.appending(path: "e/iterapp.toml"))
            let (file, problems) = AppFile.load(from: DirectoryTree(root: root))
            XCTAssertNil(file)
            XCTAssertEqual(
                problems.map(\.description),
                [
                    "a/iterapp.toml:1:1: error: iterapp.toml is a folder here; it must be a file",
                    """
                    b/iterapp.toml:1:1: error: iterapp.toml is larger than 1048576 bytes, the most \
                    that is read
                    """,
                    """
                    c/iterapp.toml:1:1: error: iterapp.toml leads out of the repository; only what \
                    lies inside it is read
                    """,
                    """
                    iterapp.toml:1:28: error: the appling `d` leads out of the repository; only what \
                    lies inside it is read
                    """,
                ])
        }
    }
}
