import Deploys
import Foundation
import Images
import TestSupport
import XCTest

final class EngineTroubleTests: XCTestCase {
    func testNoEngine() async throws {
        try await Engine.use { engine in
            try await withTemporaryDirectory { root in
                let context = try engine.context(root, "")
                let nowhere = root.appending(path: "none.sock").path
                let absent = DockerEngine(environment: ProcessInfo.processInfo.environment, socket: nowhere)
                let builder = engine.builder(engine: absent)
                do {
                    let image = try await builder.build(try engine.request(context)) { _ in }
                    XCTFail(image.text)
                } catch BuildError.engineUnavailable(let sentence) {
                    XCTAssertTrue(sentence.contains("unix://\(nowhere) does not answer"), sentence)
                    XCTAssertTrue(sentence.contains("systemctl start docker"), sentence)
                }
                let problem = await absent.problem()
                XCTAssertTrue(try XCTUnwrap(problem).contains("does not answer"))
                let has = await builder.has(ImageReference("iterapp/x:1"))
                XCTAssertNil(has)
            }
        }
    }

    func testEngineGoesAwayInTheMiddle() async throws {
        try await Engine.use { engine in
            guard engine.engine.host.hasPrefix("unix://") else {
                throw XCTSkip("the engine has no socket here")
            }
            try await withTemporaryDirectory { root in
                let target = String(engine.engine.host.dropFirst("unix://".count))
                // Paths of sockets are short, whatever the temporary folder is called.
                let path = "/tmp/\(UUID().uuidString.prefix(13)).sock"
                let proxy = try SocketProxy(path, to: target)
                defer { proxy.cut() }
                let behind = DockerEngine(environment: ProcessInfo.processInfo.environment, socket: path)
                let context = try engine.context(root, "RUN echo started; sleep 600 # \(UUID().uuidString)")
                do {
                    let image = try await engine.builder(engine: behind).build(try engine.request(context)) {
                        line in
                        if line.hasSuffix(" started") { proxy.cut() }
                    }
                    XCTFail(image.text)
                } catch BuildError.engineUnavailable(let sentence) {
                    XCTAssertTrue(sentence.contains("went away in the middle of the build"), sentence)
                }
            }
        }
    }
}
