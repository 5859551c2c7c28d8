import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Images

/// Against Debian's docker-registry, started for the test.
final class RegistryPushTests: XCTestCase {
    private func withRegistry(_ body: (String) async throws -> Void) async throws {
        try await DockerRegistry.with { try await body($0 + "/apps") }
    }

    func testPushedImageIsNamedByItsDigest() async throws {
        try await Engine.use { engine in
            try await withRegistry { registry in
                try await withTemporaryDirectory { root in
                    let context = try engine.context(root, "RUN echo \(UUID().uuidString)")
                    let builder = engine.builder(registry: registry)
                    let image = try await builder.build(try engine.request(context, appling: "web")) { _ in }
                    let name = "\(registry)/\(engine.app.name).web"
                    XCTAssertNotNil(
                        image.text.wholeMatch(of: try Regex("\(name)@sha256:[0-9a-f]{64}")), image.text)
                    var has = await builder.has(image)
                    XCTAssertEqual(has, true)
                    has = await builder.has(
                        ImageReference("\(name)@sha256:" + String(repeating: "0", count: 64)))
                    XCTAssertEqual(has, false)
                    // It can be pulled back by that name alone.
                    try await engine.docker(["image", "rm", "--force", "\(name):1a2b3c4-1"])
                    try await engine.docker(["pull", "--quiet", image.text])
                    let id = try await engine.docker(["image", "inspect", "--format", "{{.Id}}", image.text])
                    XCTAssertTrue(id.hasPrefix("sha256:"), id)
                }
            }
        }
    }

    func testRegistryThatRefuses() async throws {
        try await Engine.use { engine in
            try await withTemporaryDirectory { root in
                let context = try engine.context(root, "")
                let request = try engine.request(context)
                let refusing = try WebServer { _ in (401, Data()) }
                do {
                    let builder = engine.builder(registry: "127.0.0.1:\(refusing.port)")
                    let image = try await builder.build(request) { _ in }
                    XCTFail(image.text)
                } catch BuildError.failed(let sentence, _) {
                    XCTAssertTrue(sentence.contains("The registry refused"), sentence)
                    XCTAssertTrue(sentence.contains("docker login"), sentence)
                }
            }
        }
    }

    /// Texts of the engine that would take it ten seconds of retries to say.
    func testOtherFailures() throws {
        let push = RegistryPush(engine: DockerEngine(environment: [:]), timeLimit: .seconds(1))
        let name = ImageName(
            try Engine().request(URL(filePath: "/")), defaultOrganisation: "iterate", registry: "r:1")
        for (text, kind) in [
            ("dial tcp 127.0.0.1:1: connect: connection refused", "engineUnavailable"),
            (
                "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?",
                "engineUnavailable"
            ),
            ("no basic auth credentials", "failed"), ("unauthorized: authentication required", "failed"),
            ("write /var/lib/registry/x: no space left on device", "diskFull"), ("", "engineUnavailable"),
        ] {
            let error = push.failure(name, ["The push refers to repository [r:1/x]", text])
            XCTAssertTrue(String(describing: error).hasPrefix(kind), "\(text) → \(error)")
        }
    }
}
