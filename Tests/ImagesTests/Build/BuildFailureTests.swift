import Deploys
import Foundation
import XCTest

@testable import Images

/// What people are told, from output that was recorded from Docker Engine 20.10: `docker.log` with its own
/// client, `buildx.log` with buildx 0.10.
final class BuildFailureTests: XCTestCase {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/builds")

    private let engine = DockerEngine(environment: [:])

    /// The error of each recording of a build, one per client.
    private func errors(_ name: String) throws -> [BuildError] {
        let folder = Self.fixtures.appending(path: name)
        let dockerfile = try Dockerfile(request(in: folder))
        let logs = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".log")
        }
        XCTAssertFalse(logs.isEmpty)
        return try logs.sorted().map { log in
            let output = output(try String(contentsOf: folder.appending(path: log), encoding: .utf8))
            return try failure(output, dockerfile)
        }
    }

    private func failure(_ output: BuildOutput, _ dockerfile: Dockerfile) throws -> BuildError {
        BuildFailure(output.record, dockerfile, try Samples.image(), engine.place, exitCode: 1).error
    }

    private func output(_ text: String) -> BuildOutput {
        var output = BuildOutput()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            _ = output.take(Self.redrawn(line))
        }
        return output
    }

    /// Programs' lines come as a terminal would show them in the end.
    private static func redrawn(_ line: Substring) -> String {
        line.split(separator: "\r").last.map(String.init) ?? ""
    }

    private func request(in folder: URL) throws -> ImageRequest {
        try Samples.request(in: folder)
    }

    private static let sentences = [
        "run-fails": "Step 3/4 `RUN echo compiling; echo 'main.c:3: error: no semicolon' >&2; exit 2` "
            + "ended with exit code 2 (line 4 of `Dockerfile`).",
        "stage-fails": "Step 3/3 of stage `builder` "
            + "`RUN for i in 1 2 3 4 5; do echo line $i; done; false` "
            + "ended with exit code 1 (line 4 of `Dockerfile`).",
        "exec-form-fails": #"Step 3/3 `RUN ["/bin/sh","-c","echo a; exit 42"]` ended with exit code 42 "#
            + "(line 4 of `Dockerfile`).",
        "continued-fails": "Step 3/3 `RUN echo one && echo two && exit 3` ended with exit code 3 "
            + "(line 4 of `Dockerfile`).",
        "no-command": "Step 3/3 `RUN npm install` ended with exit code 127 (a command was not found) "
            + "(line 4 of `Dockerfile`).",
        "no-shell": #"Step 2/2 `RUN echo hi` could not start: exec: "/bin/sh": stat /bin/sh: "#
            + "no such file or directory (line 3 of `Dockerfile`).",
        "bad-user": "Step 3/3 `RUN true` failed: unable to find user nosuch: invalid argument "
            + "(line 5 of `Dockerfile`).",
        "unknown-instruction": "Line 2 of `Dockerfile`: unknown instruction: COPPY.",
        "bad-args": "Line 2 of `Dockerfile`: COPY requires at least two arguments, but only one was "
            + "provided. Destination could not be determined.",
        "bad-flag": "Line 2 of `Dockerfile`: Unknown flag: nope.",
        "no-from": "`Dockerfile` must begin with `FROM`.",
        "empty": "`Dockerfile` is empty.",
        "only-comment": "`Dockerfile` is empty.",
        "missing-base": "The base image `nosuchimage-iterapp:1` can't be pulled: the Docker Engine can't "
            + "reach its registry (no such host).",
        "missing-base-registry": "The base image `localhost:5999/nosuch:1` can't be pulled: the Docker "
            + "Engine can't reach its registry (connection refused).",
        "from-missing-stage": "The base image `builder:latest` can't be pulled: the Docker Engine can't "
            + "reach its registry (no such host). If `builder` should be a stage, "
            + "no `FROM … AS` names it.",
        "syntax-line":
            "The image `docker/dockerfile:1`, named by the Dockerfile's `# syntax=` line, can't be "
            + "pulled: the Docker Engine can't reach its registry (no such host). "
            + "Most Dockerfiles work without that line.",
        "copy-missing": "Step 1/1 `COPY package.json /app/`: there is no `package.json` in the commit "
            + "(line 2 of `Dockerfile`).",
        "copy-missing-glob": "Step 1/1 `COPY dist/*.js /app/`: there is no `dist` in the commit "
            + "(line 2 of `Dockerfile`).",
        "copy-ignored": "Step 1/1 `COPY secret.txt /app/`: `secret.txt` is in the commit, but "
            + "`.dockerignore` keeps it out of the build (line 2 of `Dockerfile`).",
        "add-url": "Step `http://127.0.0.1:1/x.tgz` failed: Get \"http://127.0.0.1:1/x.tgz\": "
            + "dial tcp 127.0.0.1:1: connect: connection refused.",
    ]

    func testSentences() throws {
        for (name, sentence) in Self.sentences.sorted(by: { $0.key < $1.key }) {
            for error in try errors(name) {
                guard case .failed(let told, _) = error else {
                    XCTFail("\(name): \(error)")
                    continue
                }
                XCTAssertEqual(told, sentence, name)
            }
        }
        for error in try errors("workdir-file") {
            guard case .failed(let told, _) = error else { return XCTFail("\(error)") }
            XCTAssertTrue(told.hasPrefix("Step 3/3 `WORKDIR /bin/busybox` failed: mkdir "), told)
            XCTAssertTrue(told.hasSuffix("not a directory (line 4 of `Dockerfile`)."), told)
        }
    }

    func testTailIsTheFailingStepsOwnOutputWithoutPrefixes() throws {
        let wanted = [
            "run-fails": ["compiling", "main.c:3: error: no semicolon"],
            "stage-fails": ["line 1", "line 2", "line 3", "line 4", "line 5"],
            "colours": ["error: bad", "100%", "\ttab"],
            "copy-missing": [],
        ]
        for (name, lines) in wanted {
            for error in try errors(name) {
                guard case .failed(_, let tail) = error else {
                    XCTFail("\(name): \(error)")
                    continue
                }
                // The engine does not keep the order between standard output and standard error.
                XCTAssertEqual(tail.sorted(), lines.sorted(), name)
            }
        }
    }

    func testFullDisk() throws {
        for name in ["disk-full", "disk-full-context", "disk-full-copy"] {
            for error in try errors(name) {
                guard case .diskFull(let sentence) = error else {
                    XCTFail("\(name): \(error)")
                    continue
                }
                XCTAssertTrue(sentence.contains("docker system prune"), sentence)
            }
        }
    }

    func testEngineTrouble() throws {
        for name in ["no-network", "engine-stopped"] {
            for error in try errors(name) {
                guard case .engineUnavailable = error else {
                    XCTFail("\(name): \(error)")
                    continue
                }
            }
        }
        let texts = [
            "Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?",
            "ERROR: Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?",
            "failed to dial gRPC: cannot connect to the Docker daemon. Is 'docker daemon' running on this "
                + "host?: dial tcp 127.0.0.1:1: connect: connection refused",
            "ERROR: failed to solve: Unavailable: error reading from server: EOF",
            "ERROR: failed to receive status: rpc error: code = Unavailable "
                + "desc = error reading from server: EOF",
        ]
        let dockerfile = try Dockerfile(request(in: Self.fixtures.appending(path: "ok")))
        for text in texts {
            guard case .engineUnavailable = try failure(output(text), dockerfile)
            else {
                XCTFail(text)
                continue
            }
        }
    }

    // What engines from 23 on print, after BuildKit's source; none was at hand to record from.
    private static let newerTexts = [
        "#3 [2/2] COPY a /b\n#3 ERROR: failed to calculate checksum of ref x::y: \"/a\": not found":
            "Step 2/2 `COPY a /b`: there is no `a` in the commit.",
        "ERROR: failed to solve: dockerfile parse error on line 2: unknown instruction: COPPY":
            "Line 2 of `Dockerfile`: unknown instruction: COPPY.",
        "#2 [internal] load metadata for docker.io/library/no:1\n#2 ERROR: pull access denied, "
            + "repository does not exist or may require authorization: server message: "
            + "insufficient_scope":
            "The base image `no:1` does not exist, or may not be pulled without signing in to its "
            + "registry.",
        "#2 [internal] load metadata for docker.io/library/nginx:0.0\n"
            + "#2 ERROR: docker.io/library/nginx:0.0: not found":
            "The base image `nginx:0.0` does not exist.",
    ]

    func testNewerEngines() throws {
        let dockerfile = try Dockerfile(request(in: Self.fixtures.appending(path: "run-fails")))
        let make = output(
            """
            #7 [build 3/4] RUN make
            #7 0.263 make: *** [all] Error 2
            #7 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2
            ------
             > [build 3/4] RUN make:
            0.263 make: *** [all] Error 2
            ------
            Dockerfile:12
            --------------------
              10 |     COPY . .
              12 | >>> RUN make
            --------------------
            ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
            """)
        XCTAssertEqual(
            try failure(make, dockerfile),
            .failed(
                sentence:
                    "Step 3/4 of stage `build` `RUN make` ended with exit code 2 (line 12 of `Dockerfile`).",
                tail: ["make: *** [all] Error 2"]))
    }

    func testOtherTextsOfNewerEngines() throws {
        let dockerfile = try Dockerfile(request(in: Self.fixtures.appending(path: "run-fails")))
        for (text, sentence) in Self.newerTexts {
            let error = try failure(output(text), dockerfile)
            guard case .failed(sentence, _) = error else {
                XCTFail("\(error)")
                continue
            }
        }
    }

    /// Commands are their author's words; only what BuildKit says itself decides.
    func testCommandsThatLookLikeErrors() throws {
        let dockerfile = try Dockerfile(request(in: Self.fixtures.appending(path: "ok")))
        let text = """
            #7 [2/2] RUN echo "no space left on device]: unexpected EOF"; exit 1
            #7 ERROR: executor failed running [/bin/sh -c echo "no space left on device]: x"]: exit code: 1
            ------
            executor failed running [/bin/sh -c echo "no space left on device]: x"]: exit code: 1
            """
        guard case .failed = try failure(output(text), dockerfile) else {
            return XCTFail("misread")
        }
    }
}
