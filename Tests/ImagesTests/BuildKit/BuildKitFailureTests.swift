import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Images

/// What people are told about builds on BuildKit that fail.
final class BuildKitFailureTests: XCTestCase {
    private func built(
        _ act: String, dockerfile: String = "FROM scratch\n", files: [String: String] = [:]
    ) async throws -> (BuildKitBench.Built, runs: Int) {
        try await withTemporaryDirectory { root in
            let program = try BuildctlStandIn(in: root, act)
            let bench = BuildKitBench(root, program: program.folder)
            let built = await bench.build(try Samples.request(in: try bench.context(dockerfile, files: files)))
            XCTAssertEqual(bench.leftovers, [])
            return (built, program.arguments.count)
        }
    }

    func testRecordedFailures() async throws {
        let sentences = [
            "run-fails": #"Step 2/2 `RUN ["/bin/sh","-c","echo compiling; echo error: no such module >&2; exit 3"]` "#
                + "ended with exit code 3 (line 3 of `Dockerfile`).",
            "copy-missing": "Step 1/1 `COPY missing.txt /`: there is no `missing.txt` in the commit (line 2 of "
                + "`Dockerfile`).",
            "bad-dockerfile": "Line 2 of `Dockerfile`: unknown instruction: COPPY (did you mean COPY?).",
            "no-base-image": "The base image `127.0.0.1:5000/none:1` does not exist.",
            "no-dockerfile":
                "`Dockerfile` could not be built: failed to read dockerfile: open Dockerfile: no such file or directory.",
        ]
        for (name, sentence) in sentences {
            let (built, _) = try await built(BuildctlStandIn.plays(name, exitCode: 1))
            guard case .failed = built.error else { return XCTFail("\(name): \(built.sentence)") }
            XCTAssertEqual(built.sentence, sentence, name)
        }
        let (failed, _) = try await built(BuildctlStandIn.plays("run-fails", exitCode: 1))
        guard case .failed(_, let tail) = failed.error else { return XCTFail(failed.sentence) }
        XCTAssertEqual(tail, ["compiling", "error: no such module"])
    }

    func testOneThatDoesNotAnswer() async throws {
        let (built, runs) = try await built(BuildctlStandIn.plays("daemon-unreachable", exitCode: 1))
        guard case .engineUnavailable(let sentence) = built.error else { return XCTFail(built.sentence) }
        XCTAssertTrue(sentence.hasPrefix("BuildKit at tcp://127.0.0.1:1 does not answer (listing workers"), sentence)
        XCTAssertTrue(sentence.hasSuffix("; see that it runs, and that BUILDKIT_HOST says where."), sentence)
        XCTAssertEqual(runs, 1, "another try would say the same")
    }

    func testWithoutItsClient() async throws {
        try await withTemporaryDirectory { root in
            let bench = BuildKitBench(root, program: root)
            let built = await bench.build(try Samples.request(in: try bench.context("FROM scratch")))
            guard case .engineUnavailable(let sentence) = built.error else { return XCTFail(built.sentence) }
            XCTAssertTrue(sentence.hasPrefix("The program `buildctl` was not found where Iterapp runs; "), sentence)
        }
    }

    private static let lost = [
        "failed to solve: Unavailable: error reading from server: EOF",
        "failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
        "failed to solve: Unavailable: closing transport due to: connection error: desc = \"error reading from server\"",
        "failed to solve: Canceled: context canceled",
    ]

    /// A first try that breaks off in the middle, and a second that does too.
    func testLostConnectionIsRetriedOnce() async throws {
        for text in Self.lost {
            let begins = "/bin/head -c 9000 '\(BuildctlStandIn.recordings.path)/ok.rawjson' >&2; echo >&2; "
            let (built, runs) = try await built(begins + "echo 'error: \(text)' >&2; exit 1")
            guard case .engineUnavailable(let sentence) = built.error else { return XCTFail(built.sentence) }
            XCTAssertTrue(
                sentence.hasPrefix("BuildKit at tcp://127.0.0.1:1 went away in the middle of the build ("), sentence)
            XCTAssertEqual(runs, 2, text)
            XCTAssertTrue(built.lines.contains("The connection to BuildKit was lost; the build begins again."))
        }
    }

    func testSecondTryMaySucceed() async throws {
        let act = """
            if [ -e "$here/again" ]; then \(BuildctlStandIn.plays("ok")); fi
            touch "$here/again"
            /bin/head -c 9000 '\(BuildctlStandIn.recordings.path)/ok.rawjson' >&2
            printf '\\nerror: \(Self.lost[0])\\n' >&2; exit 1
            """
        let (built, _) = try await built(act)
        XCTAssertEqual(built.image?.text, "127.0.0.1:5000/apps/cats@\(BuildctlStandIn.digest)", built.sentence)
        // The steps of the second try are others.
        let begun = built.lines.compactMap { $0.wholeMatch(of: #/#(\d+) (\[.*|exporting to image)/#).flatMap { Int($0.1) } }
        XCTAssertEqual(begun, begun.sorted())
        XCTAssertEqual(Set(begun).count, begun.count, "\(built.lines)")
    }

    func testRegistryThatRefusesOrIsFull() async throws {
        let refused = "The registry refused `127.0.0.1:5000/apps/cats` ("
        for (reason, start) in [
            ("failed to push r/x:1: failed to authorize: failed to fetch anonymous token: 401 Unauthorized", refused),
            ("failed to push r/x:1: push access denied, insufficient_scope: authorization failed", refused),
            ("failed to push r/x:1: unexpected status from POST request to http://r/v2/: 403 Forbidden", refused),
            (
                "failed to push r/x:1: unexpected status from PUT request to http://r/v2/: 507 Insufficient Storage",
                "The registry of `127.0.0.1:5000/apps/cats` is full ("
            ),
            (
                "failed to push r/x:1: failed to do request: dial tcp 127.0.0.1:5000: connect: connection refused",
                "The image could not be pushed to `127.0.0.1:5000/apps/cats` ("
            ),
            (
                "failed to export layer: write /var/lib/x: no space left on device",
                "Step `exporting to image` found no space on BuildKit's disk; free some with `buildctl prune`."
            ),
        ] {
            let vertex = #"{"vertexes":[{"digest":"d","name":"exporting to image","started":"2026-01-01T00:00:00Z","#
                + #""completed":"2026-01-01T00:00:01Z","error":"\#(reason)"}]}"#
            let (built, _) = try await built("echo '\(vertex)' >&2; echo 'error: failed to solve: \(reason)' >&2; exit 1")
            XCTAssertTrue(built.sentence.hasPrefix(start), "\(reason): \(built.sentence)")
        }
    }

    /// All is cached then: another try takes a moment.
    func testPushIsRetriedOnce() async throws {
        let failed = #"{"vertexes":[{"digest":"d","name":"exporting to image","started":"2026-01-01T00:00:00Z","#
            + #""completed":"2026-01-01T00:00:01Z","error":"failed to push r/x:1: unexpected status: 503"}]}"#
        let act = """
            if [ -e "$here/again" ]; then \(BuildctlStandIn.plays("ok")); fi
            touch "$here/again"
            echo '\(failed)' >&2; echo 'error: failed to solve: failed to push r/x:1: 503' >&2; exit 1
            """
        let (built, runs) = try await built(act)
        XCTAssertNotNil(built.image, built.sentence)
        XCTAssertEqual(runs, 2)
        XCTAssertTrue(built.lines.contains("The image could not be pushed; the build begins again."))
    }

    /// There is no cache at the first build; what fails is something else.
    func testMissingCacheIsNoFailure() async throws {
        let missing = #"{"vertexes":[{"digest":"c","name":"importing cache manifest from r/x:buildcache","#
            + #""started":"2026-01-01T00:00:00Z","completed":"2026-01-01T00:00:01Z","error":"r/x:buildcache: not found"}]}"#
        let (built, _) = try await built("echo '\(missing)' >&2; " + BuildctlStandIn.plays("run-fails", exitCode: 1))
        XCTAssertTrue(built.sentence.contains("ended with exit code 3"), built.sentence)
        XCTAssertEqual(
            built.lines.prefix(3),
            [
                "#1 importing cache manifest from r/x:buildcache",
                "#1 WARN: the build goes on without that cache: r/x:buildcache: not found", "#1 DONE",
            ])
    }

    func testNoDigest() async throws {
        let (built, _) = try await built("exit 0")
        XCTAssertEqual(
            built.sentence, "BuildKit built `127.0.0.1:5000/apps/cats:1a2b3c4-1` but did not tell its digest.")
    }

    func testCertificates() async throws {
        for text in [
            "transport: authentication handshake failed: tls: failed to verify certificate: x509: unknown authority",
            "error reading server preface: remote error: tls: certificate required", "error reading server preface: EOF",
        ] {
            let start = "listing workers for Build: failed to list workers: Unavailable: connection error: desc = "
            let (built, _) = try await built("echo 'error: \(start)\"\(text)\"' >&2; exit 1")
            XCTAssertTrue(built.sentence.contains("don't take each other's certificates"), built.sentence)
        }
    }
}
