import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Images

/// Whether two builds would give the same image.
final class InputFingerprintTests: XCTestCase {
    private struct Bench {
        let root: URL
        let inputs = InputFingerprint(key: Array("a key of this test".utf8))

        func write(_ path: String, _ text: String) throws {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }

        func link(_ path: String, to target: String) throws {
            try? FileManager.default.removeItem(at: root.appending(path: path))
            try FileManager.default.createSymbolicLink(
                atPath: root.appending(path: path).path, withDestinationPath: target)
        }

        func mode(_ path: String, _ mode: Int) throws {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: root.appending(path: path).path)
        }

        func now(
            secrets: [String: String] = [:], number: Int = 1, destination: [String] = ["buildkit", "r/cats"]
        ) async throws -> String? {
            let request = try Samples.request(in: root, number: number, secrets: secrets)
            return await inputs.make(request, destination: destination)?.text
        }
    }

    private func with(_ dockerfile: String, _ body: (Bench) async throws -> Void) async throws {
        try await withTemporaryDirectory { root in
            let bench = Bench(root: root)
            try bench.write("Dockerfile", dockerfile)
            try bench.write("web/index.html", "hello")
            try bench.write("web/deep/er/a", "a")
            try bench.write("api/main", "main")
            try await body(bench)
        }
    }

    func testOnlyWhatIsReadCounts() async throws {
        try await with("FROM scratch\nCOPY web /web\n") { bench in
            let first = try await bench.now()
            XCTAssertNotNil(first)
            XCTAssertEqual(first?.count, 64)
            var again = try await bench.now(number: 2)
            XCTAssertEqual(again, first)
            try bench.write("api/main", "other")
            try bench.write("README", "other")
            again = try await bench.now()
            XCTAssertEqual(again, first, "that is not copied")
        }
    }

    /// Each of these is a change, and each of them alone.
    func testEachChangeIsOne() async throws {
        let changes: [(String, (Bench) throws -> Void)] = [
            ("contents", { try $0.write("web/index.html", "hellu") }),
            ("a new file", { try $0.write("web/deep/er/b", "") }),
            ("a file that is gone", { try FileManager.default.removeItem(at: $0.root.appending(path: "web/deep/er/a")) }),
            ("a mode", { try $0.mode("web/index.html", 0o755) }),
            ("a folder's mode", { try $0.mode("web/deep", 0o700) }),
            ("a name", {
                try FileManager.default.moveItem(
                    at: $0.root.appending(path: "web/deep/er"), to: $0.root.appending(path: "web/deep/re"))
            }),
            ("a link", { try $0.link("web/index.html", to: "deep/er/a") }),
            ("what is left out", { try $0.write(".dockerignore", "web/deep\n") }),
            ("what is left out here", { try $0.write("Dockerfile.dockerignore", "") }),
            ("the Dockerfile", { try $0.write("Dockerfile", "FROM scratch\nCOPY web /web\n# note\n") }),
        ]
        for (name, change) in changes {
            try await with("FROM scratch\nCOPY web /web\n") { bench in
                let before = try await bench.now()
                try change(bench)
                let after = try await bench.now()
                XCTAssertNotNil(after, name)
                XCTAssertNotEqual(before, after, name)
            }
        }
    }

    func testSecretsAndWhereItGoes() async throws {
        try await with("FROM scratch\nCOPY web /web\n") { bench in
            var seen: Set<String?> = []
            seen.insert(try await bench.now())
            seen.insert(try await bench.now(secrets: ["a": "1"]))
            seen.insert(try await bench.now(secrets: ["a": "2"]))
            seen.insert(try await bench.now(secrets: ["b": "2"]))
            seen.insert(try await bench.now(secrets: ["a": "", "1": "2"]))
            seen.insert(try await bench.now(destination: ["docker", "r/cats"]))
            seen.insert(try await bench.now(destination: ["buildkit", "r/dogs"]))
            XCTAssertEqual(seen.count, 7)
            // Who does not have the key can't try what a secret might be.
            let other = await InputFingerprint(key: [1]).make(
                try Samples.request(in: bench.root, secrets: ["a": "1"]), destination: ["buildkit", "r/cats"])
            XCTAssertFalse(seen.contains(other?.text))
        }
    }

    /// Links may be followed: then everything counts.
    func testLinksAmongWhatIsRead() async throws {
        try await with("FROM scratch\nCOPY web current/main /web/\n") { bench in
            try bench.link("current", to: "api")
            let first = try await bench.now()
            try bench.write("api/main", "other")
            let second = try await bench.now()
            XCTAssertNotEqual(first, second)
        }
    }

    func testNoneWithoutCertainty() async throws {
        try await with("FROM scratch\nARG BUILD_DATE_USED_FOR_CACHE_BUSTING\nCOPY web /web\n") { bench in
            let none = try await bench.now()
            XCTAssertNil(none)
        }
        try await with("FROM scratch\nCOPY web /web\n") { bench in
            XCTAssertEqual(mkfifo(bench.root.appending(path: "web/pipe").path, 0o600), 0)
            let withPipe = try await bench.now()
            XCTAssertNil(withPipe)
            try FileManager.default.removeItem(at: bench.root.appending(path: "web/pipe"))
            let certain = try await bench.now()
            XCTAssertNotNil(certain)
            for name in [".dockerignore", "Dockerfile.dockerignore"] {
                // Without an end: reading it would never stop.
                let link = bench.root.appending(path: name).path
                try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/zero")
                let withLink = try await bench.now()
                XCTAssertNil(withLink, name)
                try FileManager.default.removeItem(atPath: link)
            }
            try FileManager.default.removeItem(at: bench.root.appending(path: "Dockerfile"))
            let withoutDockerfile = try await bench.now()
            XCTAssertNil(withoutDockerfile)
        }
    }

    /// Somebody cancels the deploy while gigabytes are read.
    func testItEndsWhenItIsCancelled() async throws {
        try await with("FROM scratch\nCOPY web /web\n") { bench in
            let large = bench.root.appending(path: "web/large").path
            XCTAssertTrue(FileManager.default.createFile(atPath: large, contents: nil))
            // Without content, it takes no space, and long to read all the same.
            XCTAssertEqual(truncate(large, Int(7.5 * Double(1 << 30))), 0)
            let task = Task { try await bench.now() }
            let deadline = ContinuousClock.now + .seconds(20)
            func isRead() -> Bool {
                let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
                return files.contains {
                    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?
                        .hasSuffix("/web/large") ?? false
                }
            }
            while !isRead(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
            let begin = ContinuousClock.now
            task.cancel()
            let none = try await task.value
            XCTAssertNil(none)
            XCTAssertLessThan(ContinuousClock.now - begin, .seconds(2))
        }
    }

    func testTheKeyStays() async throws {
        try await with("FROM scratch\nCOPY web /web\n") { bench in
            let file = bench.root.appending(path: "key")
            let request = try Samples.request(in: bench.root)
            let first = try await InputFingerprint(keyFile: file).make(request, destination: [])
            let second = try await InputFingerprint(keyFile: file).make(request, destination: [])
            XCTAssertEqual(first, second)
            let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
            XCTAssertEqual(mode, 0o600)
            let other = try await InputFingerprint(keyFile: bench.root.appending(path: "other")).make(
                request, destination: [])
            XCTAssertNotEqual(first, other)
        }
    }

    /// Names that are no text, large files, many files.
    func testUnusualTrees() async throws {
        try await with("FROM scratch\nCOPY . /web\n") { bench in
            let folder = bench.root.appending(path: "web").path
            let name: [CChar] = (folder + "/").utf8CString.dropLast() + [CChar(bitPattern: 0xFF), 0]
            let file = open(name, O_CREAT | O_WRONLY, 0o644)
            XCTAssertGreaterThanOrEqual(file, 0)
            close(file)
            let large = [UInt8](repeating: 7, count: (3 << 20) + 5)
            try Data(large).write(to: bench.root.appending(path: "large"))
            let first = try await bench.now()
            var other = large
            other[2 << 20] = 8
            try Data(other).write(to: bench.root.appending(path: "large"))
            let second = try await bench.now()
            XCTAssertNotNil(first)
            XCTAssertNotEqual(first, second)
            unlink(name)
            let third = try await bench.now()
            XCTAssertNotEqual(second, third)
        }
    }
}
