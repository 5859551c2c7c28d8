import Deploys
import Foundation
import Subprocess
import Synchronization
import TestSupport
import XCTest

@testable import Images

final class DockerBuilderTests: XCTestCase {
    func testBuildsAnImage() async throws {
        try await Engine.use { engine in
            try await withTemporaryDirectory { root in
                let context = try engine.context(
                    root,
                    """
                    ARG BUILD_DATE_USED_FOR_CACHE_BUSTING
                    RUN echo "date $BUILD_DATE_USED_FOR_CACHE_BUSTING" && echo "arch $(uname -m)" # \(UUID())
                    RUN env
                    CMD ["/bin/echo", "hello"]
                    """)
                let lines = Mutex<[String]>([])
                let builder = engine.builder()
                let counts = Mutex<[StepCount]>([])
                let image = try await builder.build(try engine.request(context, number: 7)) { line in
                    lines.withLock { $0.append(line) }
                } onSteps: { count in
                    counts.withLock { $0.append(count) }
                }
                let told = counts.withLock { $0 }
                XCTAssertGreaterThan(told.count, 2, "\(told)")
                XCTAssertEqual(told.last.map { [$0.done, $0.total] }, told.last.map { [$0.total, $0.total] })
                XCTAssertEqual(Set(told).count, told.count, "each is told once")
                XCTAssertEqual(image.text, "iterapp/\(engine.app.name):1a2b3c4-7")
                let log = lines.withLock { $0 }
                XCTAssertTrue(log.contains { $0.hasSuffix("date 2023-11-14T22:13:20Z") }, "\(log)")
                XCTAssertTrue(log.contains { $0.hasSuffix("arch x86_64") })
                let has = await builder.has(image)
                XCTAssertEqual(has, true)
                let hasOther = await builder.has(ImageReference("iterapp/\(engine.app.name):1a2b3c4-8"))
                XCTAssertEqual(hasOther, false)
                let labels = try await engine.docker(
                    ["image", "inspect", "--format", "{{json .Config.Labels}}", image.text])
                XCTAssertTrue(labels.contains(#""no.iterapp.build":"7""#), labels)
                XCTAssertTrue(labels.contains(#""no.iterapp.app":"\#(engine.app.key)""#), labels)
            }
        }
    }

    func testBuildSecrets() async throws {
        try await Engine.use { engine in
            try await withTemporaryDirectory { root in
                let context = try engine.context(
                    root, "RUN --mount=type=secret,id=npm wc -c < /run/secrets/npm # \(UUID())")
                let log = Mutex("")
                _ = try await engine.builder().build(try engine.request(context, secrets: ["npm": "s3cret-value"])) {
                    line in
                    log.withLock { $0 += line + "\n" }
                }
                XCTAssertTrue(log.withLock { $0.contains(" 12\n") }, log.withLock { $0 })
                XCTAssertFalse(log.withLock { $0.contains("s3cret") })
            }
        }
    }

    func testEachBuildKeepsItsImage() async throws {
        try await Engine.use { engine in
            try await withTemporaryDirectory { root in
                let builder = engine.builder()
                let context = try engine.context(root, "COPY text /text")
                var ids: [String] = []
                var images: [ImageReference] = []
                for number in 1...2 {
                    try Data("\(number)".utf8).write(to: context.appending(path: "text"))
                    let image = try await builder.build(try engine.request(context, number: number)) { _ in }
                    images.append(image)
                    ids.append(
                        try await engine.docker(["image", "inspect", "--format", "{{.Id}}", image.text]))
                }
                XCTAssertNotEqual(ids[0], ids[1])
                let first = try await engine.docker([
                    "image", "inspect", "--format", "{{.Id}}", images[0].text,
                ])
                XCTAssertEqual(first, ids[0])
            }
        }
    }

    func testApplingInAFolderAndLinkedDockerfile() async throws {
        try await Engine.use { engine in
            try await withTemporaryDirectory { root in
                let context = try engine.context(root, "")
                let folder = context.appending(path: "front end")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(
                    atPath: folder.appending(path: "Dockerfile").path, withDestinationPath: "../Dockerfile")
                let image = try await engine.builder().build(
                    try engine.request(context, dockerfile: "front end/Dockerfile", appling: "front_end")
                ) { _ in }
                XCTAssertEqual(image.text, "iterapp/\(engine.app.name).front-end:1a2b3c4-1")
            }
        }
    }

    func testWithoutDockerfile() async throws {
        try await withTemporaryDirectory { root in
            let engine = Engine()
            let builder = engine.builder(engine: DockerEngine(environment: [:], socket: "/nonexistent"))
            func build(_ dockerfile: String) async throws -> ImageReference {
                try await builder.build(try engine.request(root, dockerfile: dockerfile)) { _ in }
            }
            await assertThrows(BuildError.noDockerfile(lookedFor: "frontend/Dockerfile")) {
                try await build("frontend/Dockerfile")
            }
            try FileManager.default.createDirectory(
                at: root.appending(path: "Dockerfile"), withIntermediateDirectories: true)
            await assertThrows(
                BuildError.failed(
                    sentence: "`Dockerfile` is a folder; a Dockerfile is wanted there.", tail: [])
            ) { try await build("Dockerfile") }
            try FileManager.default.createSymbolicLink(
                atPath: root.appending(path: "linked").path, withDestinationPath: "/etc/passwd")
            let outside = "is a link to something outside the repository; commit the file itself."
            await assertThrows(BuildError.failed(sentence: "`linked` \(outside)", tail: [])) {
                try await build("linked")
            }
            await assertThrows(BuildError.failed(sentence: "`../Dockerfile` \(outside)", tail: [])) {
                try await build("../Dockerfile")
            }
        }
    }

    func testFailingStep() async throws {
        try await Engine.use { engine in
            try await withTemporaryDirectory { root in
                let context = try engine.context(
                    root, "RUN for i in $(seq 1 50); do printf '\\033[32m%s\\033[0m\\n' $i; done; exit 3")
                await assertThrows(
                    BuildError.failed(
                        sentence:
                            "Step 3/3 `RUN for i in $(seq 1 50); do printf '\\033[32m%s\\033[0m\\n' $i; "
                            + "done; exit 3` ended with exit code 3 (line 4 of `Dockerfile`).",
                        tail: (31...50).map(String.init))
                ) { try await engine.builder().build(try engine.request(context)) { _ in } }
            }
        }
    }

    /// Neither the client nor the build sees more of our environment than they must.
    func testSecretsOfTheServiceReachNoBuild() async throws {
        try await Engine.use { engine in
            try await withTemporaryDirectory { root in
                setenv("SLACK_BOT_TOKEN", "xoxb-must-not-leak", 1)
                defer { unsetenv("SLACK_BOT_TOKEN") }
                var environment = ProcessInfo.processInfo.environment
                environment["SLACK_SIGNING_SECRET"] = "must-not-leak-either"
                // A client that writes down its environment and then does what it is told.
                let real = try await DockerClients(environment: environment).path()
                let seen = root.appending(path: "seen").path
                let spy = root.appending(path: "docker")
                try Data("#!/bin/sh\nenv >> \(seen)\nexec \(real) \"$@\"\n".utf8).write(to: spy)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: spy.path)
                environment["PATH"] = root.path + ":" + (environment["PATH"] ?? "")

                let context = try engine.context(
                    root, "ARG SLACK_BOT_TOKEN\nARG SLACK_SIGNING_SECRET\nRUN env # \(UUID())")
                let builder = engine.builder(engine: DockerEngine(environment: environment))
                let log = Mutex("")
                _ = try await builder.build(try engine.request(context)) { line in
                    log.withLock { $0 += line + "\n" }
                }
                XCTAssertTrue(log.withLock { $0.contains("PATH=") })
                XCTAssertFalse(log.withLock { $0.contains("must-not-leak") })
                let given = try String(contentsOfFile: seen, encoding: .utf8)
                XCTAssertTrue(given.contains("DOCKER_BUILDKIT=1"), given)
                XCTAssertFalse(given.contains("must-not-leak"), given)
            }
        }
    }

    func testCancellationStopsTheBuildWithinTwoSeconds() async throws {
        try await Engine.use { engine in
            try await withTemporaryDirectory { root in
                let mark = UUID().uuidString
                let context = try engine.context(root, "RUN echo started; sleep 600 # \(mark)")
                let started = AsyncStream.makeStream(of: Void.self)
                let request = try engine.request(context, secrets: ["npm": "s3cret-value"])
                let task = Task {
                    try await engine.builder().build(request) { line in
                        if line.hasSuffix(" started") { started.continuation.yield() }
                    }
                }
                for await _ in started.stream { break }
                XCTAssertEqual(engine.leftovers.count, 1, "the build's folder")
                for path in try FileManager.default.subpathsOfDirectory(atPath: engine.work.path) {
                    let bytes = FileManager.default.contents(atPath: engine.work.appending(path: path).path) ?? Data()
                    XCTAssertNil(bytes.range(of: Data("s3cret".utf8)), "\(path) has the secret")
                }
                XCTAssertTrue(Processes.run(withText: context.path), "the client")
                let clock = ContinuousClock()
                let begin = clock.now
                task.cancel()
                let result = await task.result
                XCTAssertThrowsError(try result.get()) { XCTAssertEqual($0 as? BuildError, .cancelled) }
                XCTAssertEqual(engine.leftovers, [])
                XCTAssertFalse(Processes.run(withText: context.path))
                while Processes.run(withText: "# " + mark), clock.now < begin + .seconds(10) {
                    try await Task.sleep(for: .milliseconds(20))
                }
                XCTAssertLessThan(clock.now - begin, .seconds(2))
            }
        }
    }

    func testTimeLimit() async throws {
        try await Engine.use { engine in
            try await withTemporaryDirectory { root in
                let mark = UUID().uuidString
                let context = try engine.context(root, "RUN echo waiting; sleep 600 # \(mark)")
                let builder = engine.builder(timeLimit: .seconds(4))
                await assertThrows(BuildError.timedOut(afterSeconds: 4, tail: ["waiting"])) {
                    try await builder.build(try engine.request(context, secrets: ["npm": "s3cret-value"])) { _ in }
                }
                XCTAssertEqual(engine.leftovers, [])
                XCTAssertFalse(Processes.run(withText: context.path), "the client")
                let end = ContinuousClock.now + .seconds(10)
                while Processes.run(withText: "# " + mark), ContinuousClock.now < end {
                    try await Task.sleep(for: .milliseconds(20))
                }
                XCTAssertFalse(Processes.run(withText: "# " + mark), "the step")
            }
        }
    }
}
