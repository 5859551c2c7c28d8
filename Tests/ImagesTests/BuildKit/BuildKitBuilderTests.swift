import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Images

/// How `buildctl` is run, with a stand-in that is as strict as the real one.
final class BuildKitBuilderTests: XCTestCase {
    private func with(_ act: String, _ body: (URL, BuildctlStandIn) async throws -> Void) async throws {
        try await withTemporaryDirectory { root in try await body(root, BuildctlStandIn(in: root, act)) }
    }

    func testArguments() async throws {
        try await with(BuildctlStandIn.plays("ok")) { root, program in
            let bench = BuildKitBench(root, program: program.folder, host: "unix:///run/x.sock")
            let context = try bench.context("", files: ["web app/Dockerfile.prod": "FROM scratch"])
            let request = ImageRequest(
                app: AppID(organisation: "acme", name: "cats"), appling: "web", commit: try Samples.commit(),
                buildNumber: 7, context: context, dockerfile: "web app/Dockerfile.prod",
                buildDate: Date(timeIntervalSince1970: 1_700_000_000))
            let built = await bench.build(request)
            XCTAssertEqual(built.image?.text, "127.0.0.1:5000/apps/acme/cats.web@\(BuildctlStandIn.digest)", built.sentence)
            let folder = context.resolvingSymlinksInPath().path
            XCTAssertEqual(program.arguments.map { $0.dropLast() }, [
                [
                    "build", "--progress=rawjson", "--frontend=dockerfile.v0", "--local=context=\(folder)",
                    "--local=dockerfile=\(folder)/web app", "--opt=filename=Dockerfile.prod",
                    "--opt=platform=linux/amd64",
                    "--opt=build-arg:BUILD_DATE_USED_FOR_CACHE_BUSTING=2023-11-14T22:13:20Z",
                    "--opt=label:no.iterapp.app=acme/cats", "--opt=label:no.iterapp.appling=web",
                    "--opt=label:no.iterapp.build=7",
                    "--opt=label:org.opencontainers.image.revision=1a2b3c4d5e" + String(repeating: "0", count: 30),
                    "--output=type=image,name=127.0.0.1:5000/apps/acme/cats.web:1a2b3c4-7,push=true",
                    "--import-cache=type=registry,ref=127.0.0.1:5000/apps/acme/cats.web__cache:latest",
                    "--export-cache=type=registry,ref=127.0.0.1:5000/apps/acme/cats.web__cache:latest,mode=max,"
                        + "ignore-error=true",
                ]
            ])
            XCTAssertTrue(program.read("environment").contains("BUILDKIT_HOST=unix:///run/x.sock\n"))
            XCTAssertEqual(built.counts.last.map { [$0.done, $0.total] }, [3, 3])
            XCTAssertEqual(built.lines.last, "#7 DONE 0.2s")
            XCTAssertEqual(bench.leftovers, [])
        }
    }

    /// The client sees nothing of ours that it need not see.
    func testEnvironmentAndFiles() async throws {
        try await with(#"cat "$DOCKER_CONFIG/config.json" > "$here/config"; "# + BuildctlStandIn.plays("ok")) { root, program in
            setenv("SLACK_BOT_TOKEN", "xoxb-must-not-leak", 1)
            defer { unsetenv("SLACK_BOT_TOKEN") }
            let files = ["ca", "cert", "key", "auth"].map { root.appending(path: $0).path }
            for file in files { try Data("\(file)".utf8).write(to: URL(filePath: file)) }
            let bench = BuildKitBench(
                root, program: program.folder, tls: .init(authority: files[0], certificate: files[1], key: files[2]),
                authFile: files[3], environment: ["DOCKER_HOST": "unix:///not-this", "https_proxy": "http://p:1"])
            let request = try Samples.request(in: try bench.context("FROM scratch"))
            let built = await bench.build(request)
            XCTAssertNotNil(built.image, built.sentence)
            XCTAssertEqual(
                program.arguments.first?.prefix(4),
                ["--tlscacert=\(files[0])", "--tlscert=\(files[1])", "--tlskey=\(files[2])", "build"])
            let environment = program.read("environment")
            XCTAssertFalse(environment.contains("must-not-leak"), environment)
            XCTAssertFalse(environment.contains("DOCKER_HOST"), environment)
            XCTAssertTrue(environment.contains("https_proxy=http://p:1\n"), environment)
            XCTAssertEqual(program.read("config"), files[3], "the credentials of this registry")
            XCTAssertEqual(bench.leftovers, [])
        }
    }

    func testSecretsAreInMemoryForThisBuildAlone() async throws {
        // Where its other files are, while it runs.
        let look = "grep -r s3cret \"$(dirname \"$metadata\")\" > \"$here/found\"\n"
        try await with(look + BuildctlStandIn.plays("ok")) { root, program in
            let bench = BuildKitBench(root, program: program.folder)
            let secrets = ["../../token": "s3cret-one", "npm": "s3cret\ntwo"]
            let request = try Samples.request(in: try bench.context("FROM scratch"), secrets: secrets)
            XCTAssertFalse("\(request)".contains("s3cret"))
            let built = await bench.build(request)
            XCTAssertNotNil(built.image, built.sentence)
            let file = "600\n/memfd:build (deleted)\n"
            XCTAssertEqual(program.read("secrets"), "\(file)s3cret-one\n\(file)s3cret\ntwo\n")
            XCTAssertEqual(program.read("found"), "")
            let arguments = program.arguments.joined().joined(separator: "\n")
            let path = try XCTUnwrap(arguments.firstMatch(of: #/--secret=id=\.\./\.\./token,src=(.+)/#)).1
            XCTAssertFalse(FileManager.default.fileExists(atPath: String(path)), "it is still there")
            XCTAssertFalse((arguments + program.read("environment") + built.log).contains("s3cret"))
            XCTAssertEqual(bench.leftovers, [])
        }
    }

    func testWhatAKilledProcessLeftIsRemovedAtTheStart() async throws {
        try await with("exit 1") { root, program in
            let left = root.appending(path: "work/1/secret-0")
            try FileManager.default.createDirectory(
                at: left.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("s".utf8).write(to: left)
            XCTAssertEqual(BuildKitBench(root, program: program.folder).leftovers, [])
        }
    }

    /// It ignores SIGTERM, and so does what it has started.
    func testCancelledBuildIsGoneWithinTwoSeconds() async throws {
        let act = "trap '' TERM\necho $$ > \"$here/pid\"\n(sleep 600) &\necho '#1 started' >&2\nwhile :; do sleep 600; done"
        try await with(act) { root, program in
            let bench = BuildKitBench(root, program: program.folder)
            let request = try Samples.request(in: try bench.context("FROM scratch"), secrets: ["a": "s3cret-one"])
            let started = AsyncStream.makeStream(of: Void.self)
            let task = Task { await bench.build(request) { _ in started.continuation.yield() } }
            for await _ in started.stream { break }
            XCTAssertEqual(bench.leftovers.count, 1)
            let begin = ContinuousClock.now
            task.cancel()
            let built = await task.value
            XCTAssertLessThan(ContinuousClock.now - begin, .seconds(2))
            XCTAssertEqual(built.error, .cancelled)
            XCTAssertEqual(bench.leftovers, [])
            let group = try XCTUnwrap(pid_t(program.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
            XCTAssertFalse(Processes.run(inGroup: group))
        }
    }

    func testTimeLimit() async throws {
        let act = """
            echo $$ > "$here/pid"
            /bin/head -c 7000 '\(BuildctlStandIn.recordings.path)/ok.rawjson' >&2
            echo half > "$metadata"
            sleep 600
            """
        try await with(act) { root, program in
            let bench = BuildKitBench(root, program: program.folder, timeLimit: .seconds(2))
            let built = await bench.build(
                try Samples.request(in: try bench.context("FROM scratch"), secrets: ["a": "s3cret-one"]))
            guard case .timedOut(2, _) = built.error else { return XCTFail(built.sentence) }
            XCTAssertTrue(built.log.contains("#4 [stage-0 1/3] COPY busybox /bin/busybox"), built.log)
            XCTAssertEqual(bench.leftovers, [])
            let group = try XCTUnwrap(pid_t(program.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
            XCTAssertFalse(Processes.run(inGroup: group))
        }
    }

    /// What one step prints without end: told up to a limit, and no memory is taken for the rest.
    func testAGigabyteOfOutput() async throws {
        let vertex = #"{"vertexes":[{"digest":"d","name":"[1/1] RUN yes","started":"2026-01-01T00:00:00Z"}]}"#
        let end = #"{"vertexes":[{"digest":"d","name":"[1/1] RUN yes","started":"2026-01-01T00:00:00Z","#
            + #""completed":"2026-01-01T00:00:01Z","error":"exit code: 1"}]}"#
        let log = #"{"logs":[{"vertex":"d","stream":1,"data":"%s","timestamp":"2026-01-01T00:00:00.5Z"}]}"#
        let line = Data((String(repeating: "y", count: 1_000) + "\n").utf8)
        let chunk = Data((0..<30).flatMap { _ in line }).base64EncodedString()
        let act = """
            echo '\(vertex)' >&2
            printf '\(log)\\n' '\(chunk)' > "$here/chunk"
            i=0; while [ $i -lt 250 ]; do cat "$here/chunk"; i=$((i+1)); done > "$here/ten"
            i=0; while [ $i -lt 100 ]; do cat "$here/ten" >&2; i=$((i+1)); done
            printf '\(log)\\n' "$(echo last words | base64)" >&2
            echo '\(end)' >&2; echo 'error: failed to solve: exit code: 1' >&2; exit 1
            """
        try await with(act) { root, program in
            let bench = BuildKitBench(root, program: program.folder, maxOutputBytes: 2 << 20)
            let before = Processes.residentBytes
            let built = await bench.build(try Samples.request(in: try bench.context("FROM scratch")))
            guard case .failed(let sentence, let tail) = built.error else { return XCTFail(built.sentence) }
            XCTAssertEqual(sentence, "Step 1/1 `RUN yes` ended with exit code 1.")
            XCTAssertEqual(tail.last, "last words")
            XCTAssertTrue(built.lines.contains("[the steps' further output is left out: it is more than 2 MiB]"))
            // The lines themselves are kept by this test.
            XCTAssertLessThan(Processes.residentBytes - before, 200 << 20)
        }
    }
}
