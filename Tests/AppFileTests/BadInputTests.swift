import AppFile
import Foundation
import TestSupport
import XCTest

/// Repositories that are not what they should be: each gets sentences with their places.
final class BadInputTests: XCTestCase {
    private struct Entry {
        let path: String
        let content: Content

        enum Content {
            case bytes([UInt8])
            case link(to: String)
        }

        static func file(_ path: String, _ text: String = "") -> Entry {
            Entry(path: path, content: .bytes(Array(text.utf8)))
        }

        static func link(_ path: String, to target: String) -> Entry { Entry(path: path, content: .link(to: target)) }
    }

    /// The problems of a repository on disk, which stands beside another one.
    private func problems(_ entries: [Entry], line: UInt = #line) async throws -> [String] {
        try await withTemporaryDirectory { parent in
            let outside = parent.appending(path: "outside")
            try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
            try Data("port = 80".utf8).write(to: outside.appending(path: "iterapp.toml"))
            let root = parent.appending(path: "repository")
            try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
            for entry in entries {
                let url = root.appending(path: entry.path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                switch entry.content {
                case .bytes(let bytes): try Data(bytes).write(to: url)
                case .link(let target):
                    try FileManager.default.createSymbolicLink(atPath: url.path, withDestinationPath: target)
                }
            }
            let (file, problems) = AppFile.load(from: DirectoryTree(root: root))
            XCTAssertEqual(file == nil, problems.contains { $0.severity == .error }, line: line)
            return problems.map(\.description)
        }
    }

    func testTextThatIsNoText() async throws {
        let cases: [([UInt8], String)] = [
            (Array("port = 80\nx = \"".utf8) + [0xFF] + Array("\"".utf8), """
                2:6: error: the byte 0xFF is no UTF-8 here; save the file as UTF-8
                """),
            ([0xFF, 0xFE] + Array("port = 80".utf8).flatMap { [$0, 0] }, "1:1: error: the file is UTF-16; save it as UTF-8"),
            ([0xEF, 0xBB, 0xBF] + Array("port = 80".utf8), """
                1:1: error: the file begins with a byte order mark (BOM); save it as UTF-8 without one
                """),
            (Array("port = 80\0".utf8), """
                1:10: error: the control character U+0000 follows the value of `port`; each setting needs a line of \
                its own
                """),
            (Array("port = 80\rreplicas = 2".utf8), "1:10: error: a carriage return must be followed by a line feed"),
        ]
        for (bytes, expected) in cases {
            let found = try await problems([Entry(path: "iterapp.toml", content: .bytes(bytes))])
            XCTAssertEqual(found, ["iterapp.toml:\(expected)"])
        }
    }

    func testWhatIsNoFile() async throws {
        var found = try await problems([.file("iterapp.toml/x")])
        XCTAssertEqual(found, ["iterapp.toml:1:1: error: iterapp.toml is a folder here; it must be a file"])
        found = try await problems([.link("iterapp.toml", to: "iterapp.toml")])
        XCTAssertEqual(
            found, ["iterapp.toml:1:1: error: iterapp.toml cannot be read: it is a symbolic link that leads in a circle"])
        found = try await problems([.link("iterapp.toml", to: "b"), .link("b", to: "iterapp.toml")])
        XCTAssertEqual(
            found, ["iterapp.toml:1:1: error: iterapp.toml cannot be read: it is a symbolic link that leads in a circle"])
        found = try await problems([.link("iterapp.toml", to: "nothing")])
        XCTAssertEqual(
            found, ["iterapp.toml:1:1: error: iterapp.toml cannot be read: it is a symbolic link to nothing"])
        found = try await problems([.link("iterapp.toml", to: "../outside/iterapp.toml")])
        XCTAssertEqual(
            found,
            [
                """
                iterapp.toml:1:1: error: iterapp.toml leads out of the repository; only what lies inside it is read
                """
            ])
        found = try await problems([.link("iterapp.toml", to: "config/app.toml"), .file("config/app.toml", "port = 80")])
        XCTAssertEqual(found, [])
    }

    func testApplingsThatLeadElsewhere() async throws {
        let name = "each entry of `applings` must be the name of a folder such as \"frontend\", not the text"
        let label = "it consists of at most 63 of a-z, 0-9 and `-`, begins with a letter and ends without `-`"
        let cases = [
            ".": "\(name) \".\"; \(label)", "": "\(name) \"\"; \(label)", "Web": "\(name) \"Web\"; \(label)",
            "..": "\(name) \"..\"; it must lie inside the repository",
            "../outside": "\(name) \"../outside\"; it must lie inside the repository",
            "/etc": "\(name) \"/etc\"; it must lie inside the repository",
            "a/b": "\(name) \"a/b\"; it is a folder at the repository's root, without `/`",
            "gone": "the appling `gone` needs a folder of that name at the root of the repository",
            "file": "the appling `file` needs a folder of that name at the root of the repository",
            "out": "the appling `out` leads out of the repository; only what lies inside it is read",
            "loop": "the appling `loop` cannot be read: it is a symbolic link that leads in a circle",
            "broken": "the appling `broken` cannot be read: it is a symbolic link to nothing",
        ]
        for (appling, expected) in cases {
            let found = try await problems([
                .file("iterapp.toml", "applings = ['web', '\(appling)']"), .file("web/iterapp.toml"),
                .file("file"), .link("out", to: "../outside"), .link("loop", to: "loop"),
                .link("broken", to: "nothing"),
            ])
            XCTAssertEqual(found, ["iterapp.toml:1:20: error: \(expected)"])
        }
    }

    func testApplingsThatListApplings() async throws {
        let sentence = "error: `applings` is about the whole repository; move it to the iterapp.toml at its root"
        var found = try await problems([
            .file("iterapp.toml", "applings = ['a', 'b']"), .file("a/iterapp.toml", "applings = ['a']"),
            .file("b/iterapp.toml", "applings = ['a', 'b']"),
        ])
        XCTAssertEqual(found, ["a/iterapp.toml:1:1: \(sentence)", "b/iterapp.toml:1:1: \(sentence)"])
        // The folder of an appling that is the repository itself.
        found = try await problems([.file("iterapp.toml", "applings = ['self']"), .link("self", to: ".")])
        XCTAssertEqual(found, ["self/iterapp.toml:1:1: \(sentence)"])
    }

    func testTooMuch() async throws {
        let large = String(repeating: "# filling\n", count: 1 << 20)
        var found = try await problems([.file("iterapp.toml", large)])
        XCTAssertEqual(
            found,
            ["iterapp.toml:1:1: error: iterapp.toml is larger than 1048576 bytes, the most that is read"])
        found = try await problems([.file("iterapp.toml", "a = " + String(repeating: "[", count: 10_000))])
        XCTAssertEqual(
            found, ["iterapp.toml:1:132: error: tables and arrays are nested more than 128 levels deep here"])
        let deep = "a = " + String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        found = try await problems([.file("iterapp.toml", deep)])
        XCTAssertEqual(found, ["iterapp.toml:1:1: error: unknown key `a`; iterapp.toml has no such setting"])
    }

    /// The work for a file of the largest size grows with it, whatever it is full of.
    func testCheckingTakesTimeInProportion() {
        let shapes: [(name: String, text: (Int) -> String)] = [
            ("unknown keys", { (0..<$0).map { "unheard\($0) = 1" }.joined(separator: "\n") }),
            ("variables", { "[env.common]\n" + (0..<$0).map { "K\($0) = 'x'" }.joined(separator: "\n") }),
            ("swallowed settings", { n in
                (0..<n).map { "[env.snap\($0 % 10).x\($0)]\nport = 1\n" }.joined()
            }),
            ("domains", { "domains = [" + (0..<$0).map { "'a\($0).b'" }.joined(separator: ",") + "]" }),
            ("mounts", { (0..<$0).map { "[[files.common]]\nmount_path = '/a\($0)'\nsecret = 's'\n" }.joined() }),
            ("tasks", { (0..<$0).map { "[cronjobs.a\($0)]\nschedule = '@daily'\npath = '/'\n" }.joined() }),
            ("headers", { "[cronjobs.a.headers]\n" + (0..<$0).map { "A\($0) = 'x'" }.joined(separator: "\n") }),
            ("encrypted values", { "[build_secrets]\n" + (0..<$0).map { "a\($0) = { encrypted = 'x' }" }.joined(separator: "\n") }),
            ("ports", { "[cloud_sql_postgres_instances]\n" + (1...$0).map { "\($0) = 'a:b:c'" }.joined(separator: "\n") }),
            ("extensions", { "postgres.extensions = [" + (0..<$0).map { "'a\($0)'" }.joined(separator: ",") + "]" }),
            ("applings", { "applings = [" + (0..<$0).map { "'a\($0)'" }.joined(separator: ",") + "]" }),
        ]
        for shape in shapes {
            let (small, large) = (shape.text(2_500), shape.text(10_000))
            let first = cpuSeconds { _ = AppFile.load(from: TextTree(["iterapp.toml": small])) }
            let second = cpuSeconds { _ = AppFile.load(from: TextTree(["iterapp.toml": large])) }
            XCTAssertLessThan(second, 8 * max(first, 0.001), "\(shape.name): \(first) s, then \(second) s")
        }
    }

    /// A root file is read again for each appling.
    func testManyApplingsOfALargeFile() {
        let names = (0..<100).map { "a\($0)" }
        var text = "applings = [" + names.map { "'\($0)'" }.joined(separator: ",") + "]\n"
        text += "[env.common]\n" + (0..<1000).map { "K\($0) = 'x'\n" }.joined()
        for table in ["common", "prod"] {
            text += (0..<50).map { "[[files.\(table)]]\nmount_path = '/\(table)\($0)'\nsecret = 's'\n" }.joined()
        }
        var files = Dictionary(uniqueKeysWithValues: names.map { ("\($0)/iterapp.toml", "[redis_lfu_cache]\n") })
        files["iterapp.toml"] = text
        let seconds = cpuSeconds(runs: 1) {
            let (file, problems) = AppFile.load(from: TextTree(files))
            XCTAssertEqual(problems, [])
            XCTAssertEqual(file?.applings.count, 100)
            XCTAssertEqual(file?.applings.last?.environment(for: "prod").count, 1000)
        }
        // An optimised build takes about a twentieth of it.
        XCTAssertLessThan(seconds, 10)
    }
}
