import Deploys
import Foundation
import Images
import TestSupport
import XCTest

/// Trees that no `git add` makes. Whether they are refused or written: nothing outside changes, and nothing runs.
final class HostileTreeTests: XCTestCase {
    private let files = FileManager.default

    /// One entry of a tree object: mode, name, digits (gitformat: `mode name\0` and 20 bytes).
    private typealias Entry = (mode: String, name: [UInt8], id: String)

    private func with(_ body: (SourceFolder, Repository) async throws -> Void) async throws {
        try await withTemporaryDirectory { root in
            var folder = SourceFolder(root: root)
            folder.options.maxCheckOutFiles = 10_000
            try await body(folder, try await folder.repository("cats"))
        }
    }

    private func blob(_ text: String, _ repository: Repository) async throws -> String {
        try await repository.git(["hash-object", "-w", "--stdin"], input: text)
    }

    private func tree(_ entries: [Entry], _ repository: Repository) async throws -> String {
        var raw = Data()
        for entry in entries {
            raw += Data((entry.mode + " ").utf8) + Data(entry.name) + [0]
            raw += stride(from: 0, to: 40, by: 2).compactMap { UInt8(entry.id.dropFirst($0).prefix(2), radix: 16) }
        }
        let file = repository.directory.appending(path: "raw-tree")
        try raw.write(to: file)
        return try await repository.git(["hash-object", "-t", "tree", "-w", "--literally", file.path])
    }

    private func commit(_ tree: String, _ repository: Repository) async throws -> String {
        let sha = try await repository.git(["commit-tree", tree, "-m", "Hostile"])
        try await repository.git(["update-ref", "refs/heads/main", sha])
        return sha
    }

    func testNamesThatReachIntoGitOrOutside() async throws {
        try await with { folder, repository in
            let content = try await blob("[core]\n\tfsmonitor = touch /tmp/pwned\n", repository)
            let inner = try await tree([("100644", Array("config".utf8), content)], repository)
            let source = try folder.source()
            let names = [
                ".git", ".gIt", "git~1", "GIT~1", ".g\u{200C}it", ".git\u{200D}", ".git.", ".git ",
                ".git::$INDEX_ALLOCATION",
                "..", ".", "", "a/b", "/etc", "../../outside", ".git/hooks",
            ]
            for name in names {
                for mode in ["40000", "160000"] {
                    let id = mode == "40000" ? inner : content
                    let evil = try await tree([(mode, Array(name.utf8), id)], repository)
                    let sha = try await commit(evil, repository)
                    let before = try everything(below: folder.root, except: [repository.directory])
                    let checkout = try? await source.checkOut(sha, "cats")
                    if let checkout {
                        // A submodule's place may keep its name on this file system; a file or folder may not.
                        let written = files.subpaths(atPath: checkout.directory.path) ?? []
                        XCTAssertFalse(written.contains { $0.lowercased().hasPrefix(".git/") }, "\(mode) \(name)")
                        if name != "a/b" { XCTAssertNotEqual(mode, "40000", "\(name) was written") }
                        checkout.remove()
                    }
                    let after = try everything(below: folder.root, except: [repository.directory])
                    XCTAssertEqual(before, after, "\(mode) \(name)")
                }
            }
        }
    }

    /// All paths but those of check-outs and mirrors, where things come and go.
    private func everything(below root: URL, except repositories: [URL]) throws -> [String] {
        // `subpaths` gives nothing at all when something goes while it looks.
        let found = try XCTUnwrap(files.enumerator(atPath: root.path)).compactMap { $0 as? String }
        return found.filter { path in
            !["work/check-outs/", "work/rubbish/", "work/mirrors/"].contains { path.hasPrefix($0) }
                && !repositories.contains { root.appending(path: path).path.hasPrefix($0.path) }
        }.sorted()
    }

    func testOddButHarmlessNames() async throws {
        try await with { folder, repository in
            let content = try await blob("text", repository)
            let names = [
                "-rf", "--upload-pack=x", "a\nb", "a\u{1B}[31m", "tab\there", "quote\"\\", "*", "CON", "Case", "case",
                "\u{202E}gpj", "æøå", " leading", "~",
            ].map { Array($0.utf8) } + [[0xFF, 0xFE, 0x41]]
            let entries = names.sorted { $0.lexicographicallyPrecedes($1) }.map { Entry("100644", $0, content) }
            let sha = try await commit(try await tree(entries, repository), repository)
            let checkout = try await folder.source().checkOut(sha, "cats")
            let found = try XCTUnwrap(opendir(checkout.directory.path))
            defer { closedir(found) }
            var count = 0
            while readdir(found) != nil { count += 1 }
            XCTAssertEqual(count - 2, names.count, "besides . and ..")
        }
    }

    func testLinksThatLeadOutside() async throws {
        try await with { folder, repository in
            let outside = folder.root.appending(path: "outside")
            try files.createDirectory(at: outside, withIntermediateDirectories: true)
            let content = try await blob("pwned", repository)
            let inner = try await tree([("100644", Array("file".utf8), content)], repository)
            let source = try folder.source()
            for target in [outside.path, "../../../../outside", "link", ".git"] {
                let link = try await blob(target, repository)
                for entries in [
                    [Entry("120000", Array("link".utf8), link), ("40000", Array("link".utf8), inner)],
                    [Entry("40000", Array("link".utf8), inner), ("120000", Array("link".utf8), link)],
                    [Entry("120000", Array("link".utf8), link), ("100644", Array("link".utf8), content)],
                    [Entry("120000", Array("LINK".utf8), link), ("40000", Array("link".utf8), inner)],
                    [Entry("120000", Array("link".utf8), link), ("100644", Array("link/file".utf8), content)],
                ] {
                    let sha = try await commit(try await tree(entries, repository), repository)
                    let checkout = try? await source.checkOut(sha, "cats")
                    XCTAssertEqual(try files.contentsOfDirectory(atPath: outside.path), [], target)
                    XCTAssertFalse(files.fileExists(atPath: "/file"))
                    checkout?.remove()
                }
            }
        }
    }

    /// Attributes and files that Git obeys elsewhere.
    func testNothingInTheTreeIsObeyed() async throws {
        try await with { folder, repository in
            let mark = folder.root.appending(path: "ran").path
            let script = "#!/bin/sh\ntouch \(mark)\n"
            try await repository.git(["config", "core.hooksPath", "/dev/null"])
            let sha = try await repository.commit(
                "Hostile",
                [
                    ".gitattributes": """
                        *.id export-subst ident
                        *.ext diff=evil merge=evil filter=evil
                        *.utf working-tree-encoding=UTF-16LE
                        *.bad working-tree-encoding=no-such-encoding
                        [attr]evil filter=evil
                        """,
                    "a.id": "$Format:%H$", "a.ext": "x", "a.utf": "plain!",
                    ".gitconfig": "[filter \"evil\"]\n\tsmudge = touch \(mark)\n[core]\n\tfsmonitor = touch \(mark)\n",
                    ".gitmodules": "[submodule \"a\"]\n\tpath = a\n\turl = ext::touch \(mark)\n\tupdate = !touch \(mark)\n",
                    "hooks/post-checkout": script, "config": "[core]\n\tfsmonitor = touch \(mark)\n", "HEAD": "x",
                    ".lfsconfig": "[lfs]\n\turl = http://127.0.0.1:1/\n",
                ])
            let checkout = try await folder.source().checkOut(sha, "cats")
            XCTAssertFalse(files.fileExists(atPath: mark))
            let text = try String(contentsOf: checkout.directory.appending(path: "a.id"), encoding: .utf8)
            XCTAssertEqual(text, "$Format:%H$")
        }
    }

    func testPathsThatAreTooLongAreRefused() async throws {
        try await with { folder, repository in
            let content = try await blob("text", repository)
            let source = try folder.source()
            // 30 folders with names of 200 letters: more than a path may have.
            var deep = try await tree([("100644", Array("file".utf8), content)], repository)
            for _ in 0..<30 { deep = try await tree([("40000", Array(repeating: 0x64, count: 200), deep)], repository) }
            var sha = try await commit(deep, repository)
            await refused("too long") { try await source.checkOut(sha, "cats") }
            let long = try await tree([("100644", Array(repeating: 0x61, count: 300), content)], repository)
            sha = try await commit(long, repository)
            await refused("too long") { try await source.checkOut(sha, "cats") }
        }
    }

    private func refused(_ word: String, _ body: () async throws -> Checkout) async {
        do {
            _ = try await body()
            XCTFail("was checked out")
        } catch SourceError.broken(let sentence) {
            XCTAssertTrue(sentence.contains(word), sentence)
        } catch { XCTFail("\(error)") }
    }

    /// Ten folders, each of which is ten times the folder below: ten thousand million files in a few kilobytes.
    func testTreeThatUnfoldsWithoutAnEnd() async throws {
        try await with { folder, repository in
            let content = try await blob("text", repository)
            var top = content
            for level in 0..<10 {
                let mode = level == 0 ? "100644" : "40000"
                top = try await tree((0..<10).map { Entry(mode, Array("\($0)".utf8), top) }, repository)
            }
            let sha = try await commit(top, repository)
            await refused("more than 10000 files") { try await folder.source().checkOut(sha, "cats") }
        }
    }

    func testManyFilesOfOneContent() async throws {
        try await with { folder, repository in
            let content = try await blob("text", repository)
            let leaf = try await tree(
                (0..<1_000).map { Entry("100644", Array(String(format: "%04d", $0).utf8), content) }, repository)
            let folders = (0..<5).map { Entry("40000", Array(String(format: "%03d", $0).utf8), leaf) }
            let top = try await tree(folders, repository)
            let sha = try await commit(top, repository)
            let checkout = try await folder.source().checkOut(sha, "cats")
            XCTAssertTrue(files.fileExists(atPath: checkout.directory.appending(path: "004/0999").path))
        }
    }
}
