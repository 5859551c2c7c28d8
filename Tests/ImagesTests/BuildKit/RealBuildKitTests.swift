import Deploys
import Foundation
import Synchronization
import TestSupport
import XCTest

@testable import Images

/// Against a real BuildKit at ITERAPP_TEST_BUILDKIT_HOST, with the `buildctl` that is on PATH and Debian's
/// docker-registry. ITERAPP_TEST_BUILDKIT_TLS names a folder with `ca.crt`, `tls.crt` and `tls.key`, where it wants them.
/// No image is pulled.
final class RealBuildKitTests: XCTestCase {
    private struct Real {
        let bench: BuildKitBench
        let root: URL
        let registry: String
        let host: String
        let marker = UUID().uuidString

        /// Busybox as the shell, then `instructions`; nothing of it is cached by an earlier test.
        func context(_ instructions: String, files: [String: String] = [:]) throws -> URL {
            let start = """
                FROM scratch
                COPY busybox /bin/busybox
                RUN ["/bin/busybox", "--install", "-s", "/bin"]
                COPY marker /marker

                """
            let context = try bench.context(
                start + instructions + "\n", files: files.merging(["marker": marker]) { $1 })
            try FileManager.default.copyItem(atPath: Engine.busybox, toPath: context.appending(path: "busybox").path)
            return context
        }

        func request(
            _ context: URL, number: Int = 1, secrets: [String: String] = [:], dockerfile: String = "Dockerfile"
        ) throws -> ImageRequest {
            ImageRequest(
                app: AppID(organisation: "iterate", name: "test-\(marker.prefix(8).lowercased())"), appling: nil,
                commit: try Samples.commit(), buildNumber: number, context: context, dockerfile: dockerfile,
                buildDate: Date(timeIntervalSince1970: 1_700_000_000), secrets: BuildSecrets(secrets))
        }
    }

    /// - Parameter way: another address by which the host is reached.
    private func withReal(
        timeLimit: Duration = .seconds(120), way: (_ host: String, URL) throws -> String = { host, _ in host },
        registry other: String? = nil, _ body: (Real) async throws -> Void
    ) async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let host = environment["ITERAPP_TEST_BUILDKIT_HOST"], !host.isEmpty else {
            throw XCTSkip("no BuildKit to build with; name one in ITERAPP_TEST_BUILDKIT_HOST")
        }
        try await DockerRegistry.with { registry in
            try await withTemporaryDirectory { root in
                let folder = environment["ITERAPP_TEST_BUILDKIT_TLS"]
                let tls = folder.map {
                    BuildKit.TLS(authority: $0 + "/ca.crt", certificate: $0 + "/tls.crt", key: $0 + "/tls.key")
                }
                let bench = BuildKitBench(
                    root, program: root, host: try way(host, root), tls: tls,
                    registry: (other ?? registry) + "/apps",
                    environment: ["PATH": environment["PATH"] ?? ""], timeLimit: timeLimit)
                try await body(Real(bench: bench, root: root, registry: registry, host: host))
                XCTAssertEqual(bench.leftovers, [])
            }
        }
    }

    func testPushedImageIsNamedByItsDigestAndFound() async throws {
        try await withReal { real in
            let context = try real.context("RUN echo date $DATE; uname -m\nCMD [\"/bin/sh\"]")
            let built = await real.bench.build(try real.request(context))
            let image = try XCTUnwrap(built.image, built.sentence + built.log)
            XCTAssertNotNil(
                image.text.wholeMatch(of: #/127\.0\.0\.1:\d+\/apps/test-[0-9a-f]+@sha256:[0-9a-f]{64}/#), image.text)
            XCTAssertTrue(built.lines.contains { $0.wholeMatch(of: #/#\d+ \d\.\d{3} x86_64/#) != nil }, built.log)
            XCTAssertEqual(built.counts.last.map { [$0.done, $0.total] }, [4, 4])
            let has = await real.bench.builder.has(image)
            XCTAssertEqual(has, true)
            let repository = String(image.text.prefix { $0 != "@" })
            let hasOther = await real.bench.builder.has(
                ImageReference(repository + "@sha256:" + String(repeating: "0", count: 64)))
            XCTAssertEqual(hasOther, false)
            let hasCache = await real.bench.builder.has(ImageReference(repository + "__cache:latest"))
            XCTAssertEqual(hasCache, true, "the cache is kept")
            // The same again is found in the cache.
            let again = await real.bench.build(try real.request(context, number: 2))
            XCTAssertNotNil(again.image, again.sentence)
            XCTAssertTrue(again.lines.contains { $0.hasSuffix(" CACHED") }, again.log)
        }
    }

    func testSecretsAndTheDate() async throws {
        try await withReal { real in
            let context = try real.context(
                """
                ARG BUILD_DATE_USED_FOR_CACHE_BUSTING
                RUN --mount=type=secret,id=npm.token wc -c < /run/secrets/npm.token; \
                    echo date $BUILD_DATE_USED_FOR_CACHE_BUSTING
                """)
            let built = await real.bench.build(try real.request(context, secrets: ["npm.token": "s3cret-value"]))
            XCTAssertNotNil(built.image, built.sentence)
            XCTAssertTrue(built.lines.contains { $0.hasSuffix(" 12") }, built.log)
            XCTAssertTrue(built.lines.contains { $0.hasSuffix(" date 2023-11-14T22:13:20Z") }, built.log)
            XCTAssertFalse(built.log.contains("s3cret-value"))
        }
    }

    func testFailures() async throws {
        try await withReal { real in
            for (instruction, sentence) in [
                ("RUN echo no >&2; exit 7", "Step 4/4 `RUN echo no >&2; exit 7` ended with exit code 7 (line 5 of `Dockerfile`)."),
                ("COPY nothing /", "Step 4/4 `COPY nothing /`: there is no `nothing` in the commit (line 5 of `Dockerfile`)."),
                ("RUM x", "Line 5 of `Dockerfile`: unknown instruction: RUM (did you mean RUN?)."),
                ("RUN nosuch", "Step 4/4 `RUN nosuch` ended with exit code 127 (a command was not found) (line 5 of `Dockerfile`)."),
            ] {
                let built = await real.bench.build(try real.request(try real.context(instruction)))
                XCTAssertEqual(built.sentence, sentence, built.log)
            }
            let base = await real.bench.build(
                try real.request(try real.bench.context("FROM \(real.registry)/none:1\nRUN true")))
            XCTAssertEqual(base.sentence, "The base image `\(real.registry)/none:1` does not exist.", base.log)
        }
    }

    func testRegistryThatIsNotThere() async throws {
        try await withReal(registry: "127.0.0.1:1") { real in
            let built = await real.bench.build(try real.request(try real.context("")))
            XCTAssertTrue(
                built.sentence.hasPrefix("The image could not be pushed to `127.0.0.1:1/apps/"), built.sentence)
        }
    }

    /// The connection breaks in the middle of a step: the build begins again on another one.
    func testLostConnection() async throws {
        let proxy = Mutex<SocketProxy?>(nil)
        let way: (String, URL) throws -> String = { host, root in
            guard host.hasPrefix("unix://") else { throw XCTSkip("only a connection to a socket is broken here") }
            let path = root.appending(path: "p.sock").path
            let new = try SocketProxy(path, to: String(host.dropFirst("unix://".count)))
            proxy.withLock { $0 = new }
            return "unix://" + path
        }
        for (breaks, isBuilt) in [(1, true), (2, false)] {
            try await withReal(way: way) { real in
                let left = Mutex(breaks)
                let context = try real.context("RUN echo started; sleep 2; echo date $(date +%s%N) > /now")
                let built = await real.bench.build(try real.request(context)) { line in
                    guard line.hasSuffix(" started") else { return }
                    let isBroken = left.withLock { left in
                        left -= 1
                        return left >= 0
                    }
                    if isBroken { proxy.withLock { $0?.breakOff() } }
                }
                XCTAssertEqual(built.image != nil, isBuilt, built.sentence + "\n" + built.log)
                XCTAssertTrue(built.lines.contains("The connection to BuildKit was lost; the build begins again."))
                if !isBuilt {
                    XCTAssertTrue(built.sentence.contains("went away in the middle of the build"), built.sentence)
                }
            }
        }
    }

    func testCancellationStopsTheBuildWithinTwoSeconds() async throws {
        try await withReal { real in
            let request = try real.request(try real.context("RUN echo started; sleep 600 # \(real.marker)"))
            let started = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                await real.bench.build(request) { line in
                    if line.hasSuffix(" started") { started.continuation.yield() }
                }
            }
            for await _ in started.stream { break }
            let begin = ContinuousClock.now
            task.cancel()
            let built = await task.value
            XCTAssertEqual(built.error, .cancelled)
            XCTAssertLessThan(ContinuousClock.now - begin, .seconds(2))
            XCTAssertEqual(real.bench.leftovers, [])
            while Processes.run(withText: "# " + real.marker), ContinuousClock.now < begin + .seconds(10) {
                try await Task.sleep(for: .milliseconds(20))
            }
            XCTAssertLessThan(ContinuousClock.now - begin, .seconds(2), "BuildKit stopped the step, too")
        }
    }

    func testTimeLimit() async throws {
        try await withReal(timeLimit: .seconds(4)) { real in
            let built = await real.bench.build(try real.request(try real.context("RUN echo waiting; sleep 600")))
            XCTAssertEqual(built.error, .timedOut(afterSeconds: 4, tail: ["waiting"]), built.log)
        }
    }

    /// BuildKit itself keeps the first 2 MiB of a step.
    func testMuchOutput() async throws {
        try await withReal { real in
            let built = await real.bench.build(
                try real.request(try real.context("RUN yes | head -c 33554432; exit 1")))
            XCTAssertTrue(built.sentence.hasSuffix("ended with exit code 1 (line 5 of `Dockerfile`)."), built.sentence)
        }
    }
}
