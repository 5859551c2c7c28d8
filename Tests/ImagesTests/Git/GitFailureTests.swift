import Deploys
import XCTest

@testable import Images

/// Texts of Git 2.39 and OpenSSH 9.2 that no test here can provoke from a real remote.
final class GitFailureTests: XCTestCase {
    let remote = GitRemote(
        url: "https://ada:password123@github.example/iterate/cats.git",
        environment: ["GIT_CONFIG_VALUE_0": "Authorization: Basic c2VjcmV0"])

    private static let kinds = [
        (
            "remote: Repository not found.\nfatal: repository 'https://x.example/a/' not found",
            "noSuchRepository"
        ),
        (
            "fatal: could not read Username for 'https://github.example': terminal prompts disabled",
            "accessDenied"
        ),
        (
            "remote: Invalid username or password.\nfatal: Authentication failed for 'https://x/'",
            "accessDenied"
        ),
        (
            "git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.",
            "accessDenied"
        ),
        ("Host key verification failed.\nfatal: Could not read from remote repository.", "accessDenied"),
        ("fatal: unable to access 'https://x/': Could not resolve host: x", "unreachable"),
        ("ssh: Could not resolve hostname github.example: Name or service not known", "unreachable"),
        ("ssh: connect to host github.example port 22: Connection timed out", "unreachable"),
        (
            "fatal: unable to access 'https://x/': server certificate verification failed. CAfile: none",
            "unreachable"
        ),
        (
            "error: RPC failed; curl 92 HTTP/2 stream 0 was not closed cleanly\nfatal: early EOF",
            "unreachable"
        ),
        ("fatal: the remote end hung up unexpectedly", "unreachable"),
        ("remote: fatal: No space left on device\nfatal: something new", "broken"),
        ("error: unable to write file busybox", "diskFull"),
        ("", "broken"),
    ]

    func testKinds() {
        for (text, kind) in Self.kinds {
            let error = GitFailure(errorOutput: text).sourceError(remote)
            XCTAssertTrue(String(describing: error).hasPrefix(kind), "\(text) → \(error)")
        }
    }

    func testSentencesHoldNoSecrets() {
        for text in [
            "fatal: unable to access 'https://ada:password123@github.example/': Could not resolve host: x",
            "fatal: Authentication failed for 'https://ada:password123@github.example/'",
            "fatal: odd: Authorization: Basic c2VjcmV0",
        ] {
            let error = String(describing: GitFailure(errorOutput: text).sourceError(remote))
            XCTAssertFalse(error.contains("password123"), error)
            XCTAssertFalse(error.contains("c2VjcmV0"), error)
            XCTAssertTrue(error.contains("https://github.example/iterate/cats.git"), error)
        }
    }

    func testCommitObjects() throws {
        let id = try XCTUnwrap(CommitID(String(repeating: "a", count: 40)))
        func read(_ headers: String, _ message: [UInt8]) -> CommitObject {
            CommitObject(id: id, content: Array((headers + "\n\n").utf8) + message)
        }
        let author = "tree x\nauthor Ada <a@b> 1 +0000"
        XCTAssertEqual(read(author, Array("\n  \nSubject \nMore".utf8)).subject, "Subject")
        XCTAssertEqual(read(author + "\nencoding ISO-8859-1", [0x42, 0x6C, 0xE5]).subject, "Blå")
        XCTAssertEqual(read(author + "\nencoding nonsense", [0x42, 0xE5]).subject, "B\u{FFFD}")
        XCTAssertEqual(
            read(author + "\ngpgsig -----BEGIN\n author Eve <e@e> 1 +0000\n -----END", []).author, "Ada")
        XCTAssertEqual(read("author  <a@b> 1 +0000", []).author, "a@b")
        XCTAssertEqual(read("author broken", []).author, "broken")
        let long = read(author, Array(String(repeating: "🐈", count: 500).utf8)).subject
        XCTAssertEqual(long.count, CommitObject.maxSubjectCharacters)
        XCTAssertTrue(long.hasSuffix("🐈…"))
        XCTAssertEqual(read("", []).subject, "")
    }

    func testLookups() {
        let sha = String(repeating: "a", count: 40)
        let output =
            "refs/heads/x^{commit} missing\n\(sha) tag 4\nabcd\nabcdef1 ambiguous\n"
            + "\(sha) commit 9\nauthor A\n\n"
        let lookups = CommitLookup.parse(Array(output.utf8))
        XCTAssertEqual(lookups.prefix(3), [.missing, .missing, .ambiguous])
        guard case .found(let commit) = lookups.last else { return XCTFail("\(lookups)") }
        XCTAssertEqual(commit.author, "A")
        XCTAssertEqual(CommitLookup.parse(Array("\(sha) commit 99\nauthor A".utf8)).count, 1)
    }
}
