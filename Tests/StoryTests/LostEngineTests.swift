import Foundation
import TestSupport
import XCTest

/// The Docker Engine goes away in the middle of things, and comes back.
final class LostEngineTests: XCTestCase {
    private func withOwnEngine(_ body: (DemoProcess, DockerEngineProcess) async throws -> Void) async throws {
        if let obstacle = DockerEngineProcess.obstacle {
            throw XCTSkip("needs an engine that may be killed: \(obstacle)")
        }
        try await withTemporaryDirectory { directory in
            let engine = try await DockerEngineProcess(in: directory)
            let result: Result<Void, any Error>
            do {
                try await engine.start()
                try await withDemo(environment: ["DOCKER_HOST": "unix://\(engine.socket)"]) { demo in
                    try await demo.repository("meow").make()
                    _ = try await demo.outcome(of: "register meow")
                    let live = try await demo.outcome(of: "deploy meow test main")
                    XCTAssertEqual(live.live.text, "✅ meow is live on test", live.live.words)
                    try await body(demo, engine)
                }
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await engine.end()
            try result.get()
        }
    }

    func testItGoesDuringABuildAndDuringARollOut() async throws {
        try await withOwnEngine { demo, engine in
            try await loseDuringBuild(demo, engine)
            try await loseDuringRollOut(demo, engine)
        }
    }

    private func loseDuringBuild(_ demo: DemoProcess, _ engine: DockerEngineProcess) async throws {
        let slow = #"RUN ["/bin/busybox", "sh", "-c", "echo compiling; sleep 30"]"#
        try await demo.repository("meow").commit(
            ["Dockerfile": GitRepository.dockerfile.replacing("ENTRY", with: "\(slow)\nENTRY")], "Take longer")
        _ = try await demo.command("deploy meow test main")
        try await demo.waitForBuildLog("compiling", app: "meow")
        await engine.kill()
        try await demo.waitUntilQuiet("after the engine was killed")
        let told = try await demo.messages().last { $0.thread == nil }?.words ?? ""
        XCTAssertEqual(told.split(separator: "\n").dropLast().map(String.init), [
            "❌ *Building meow for test failed*",
            "The build could not be finished: The Docker Engine at unix://\(engine.socket) went away in the middle of the "
                + "build (unexpected EOF); see that it runs. Release #1 keeps serving.",
            "→ Run it again once that is mended.",
        ])
        let page = await demo.page("meow.test.localhost")
        XCTAssertEqual(page, "Hello from meow\n", "containers outlive their engine")

        let without = try await demo.outcome(of: "deploy meow snap1 main")
        // Docker's clients say it in different words.
        let lines = without.lines.map { $0.replacing(#/\(.*annot connect to the Docker daemon.*\); /#, with: "(…); ") }
        XCTAssertEqual(lines.dropLast(), [
            "❌ *Building meow for snap1 failed*",
            "The build could not be finished: The Docker Engine at unix://\(engine.socket) does not answer (…); start it "
                + "(`systemctl start docker`), or set DOCKER_HOST to where it listens.",
            "→ Run it again once that is mended.",
        ])

        try await engine.start()
        try await demo.waitForPage("meow.test.localhost", "Hello from meow\n")
        try await demo.repository("meow").git("revert", "--no-edit", "HEAD")
        let again = try await demo.outcome(of: "deploy meow test main")
        XCTAssertEqual(again.live.text, "✅ meow is live on test", again.live.words)
    }

    private func loseDuringRollOut(_ demo: DemoProcess, _ engine: DockerEngineProcess) async throws {
        let slow = GitRepository.dockerfile.replacing(
            "/bin/busybox httpd", with: "sleep 2; echo late > /site/index.html; /bin/busybox httpd")
        try await demo.repository("meow").commit(["Dockerfile": slow], "Be late")
        _ = try await demo.command("deploy meow test main")
        try await demo.waitForMessages("the roll-out's begin") { messages in
            messages.last { $0.thread == nil }?.words.contains("0/1 pod ready") ?? false
        }
        await engine.kill()
        let page = await demo.page("meow.test.localhost")
        XCTAssertEqual(page, "Hello from meow\n")
        let help = try await demo.command("help")
        XCTAssertEqual(help.status, 200)
        try await engine.start()
        try await demo.waitUntilQuiet("after the engine came back")
        let last = try await demo.messages().last { $0.thread == nil }
        XCTAssertEqual(last?.text.prefix(23), "✅ meow is live on test:", last?.words ?? "")
        let late = await demo.page("meow.test.localhost")
        XCTAssertEqual(late, "late\n")
    }
}
