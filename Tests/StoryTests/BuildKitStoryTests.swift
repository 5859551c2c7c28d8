import Foundation
import Subprocess
import TestSupport
import XCTest

@testable import Sandbox

/// From a push to a running app with BuildKit and a registry, as operators have it. ITERAPP_TEST_BUILDKIT_HOST names a
/// BuildKit; else a stand-in for its client has the Docker Engine make the image.
final class BuildKitStoryTests: XCTestCase {
    func testAPushIsBuiltPushedAndRun() async throws {
        if let obstacle = RegistryProcess.obstacle { throw XCTSkip(obstacle) }
        try await withTemporaryDirectory { root in
            let registry = try await RegistryProcess(in: root)
            var engine = ""
            let result: Result<Void, any Error>
            do {
                result = .success(try await GitHubStage.with {
                    engine = "unix://" + $1
                    return try variables(root, registry.address, engine: engine)
                } _: { stage in
                    try await stage.serving { try await story(stage, root, registry.address) }
                    let work = stage.directory.appending(path: "state/builds")
                    XCTAssertEqual((try? FileManager.default.contentsOfDirectory(atPath: work.path)) ?? [], [])
                })
            } catch { result = .failure(error) }
            // Not before the pods are gone.
            let left: [String]
            do { left = try await removeImages(of: registry.address, engine) } catch {
                await registry.stop()
                throw error
            }
            await registry.stop()
            try result.get()
            XCTAssertEqual(left, [])
        }
    }

    private func story(_ stage: GitHubStage, _ root: URL, _ registry: String) async throws {
        try await stage.register()
        let sha = try await stage.push("built by BuildKit\n")
        try await stage.deliverPush(sha)
        try await stage.wait("the page") { await stage.page() == "built by BuildKit\n" }
        try await stage.waitForMessage("cats is live on test: ")
        let built = try await stage.waitForCheck(of: sha)
        XCTAssertEqual(built["conclusion"], "success")
        try await stage.waitForBuildLog("COPY busybox /bin/busybox")

        // The node fetched what was pushed, by the digest that BuildKit told.
        let pulled = try await images(of: registry, stage.variables["DOCKER_HOST"] ?? "")
        XCTAssertEqual(pulled.map { String($0.prefix { $0 != "@" }) }, ["\(registry)/apps/cats"])

        // Nothing that the image is made of is different.
        try await stage.work.git("commit", "--quiet", "--allow-empty", "-m", "Say nothing")
        try await stage.work.git("push", "--quiet", "origin", "main")
        let same = try await stage.work.head()
        try await stage.deliverPush(same)
        let shown = try await stage.waitForCheck(of: same)
        XCTAssertEqual(shown["conclusion"], "success")
        try await stage.waitForBuildLog("is used again")

        let dockerfile = stage.work.directory.appending(path: "Dockerfile")
        let fails = #"RUN ["/bin/busybox", "sh", "-c", "echo compiling; exit 3"]"#
        let text = try String(contentsOf: dockerfile, encoding: .utf8) + fails + "\n"
        try text.write(to: dockerfile, atomically: true, encoding: .utf8)
        let broken = try await stage.push("broken\n")
        try await stage.deliverPush(broken)
        let failed = try await stage.waitForCheck(of: broken)
        XCTAssertEqual(failed.at("output", "title"), "The build failed")
        let summary = failed.at("output", "summary")?.string ?? ""
        XCTAssertTrue(summary.contains("ended with exit code 3"), summary)
        let page = await stage.page()
        XCTAssertEqual(page, "built by BuildKit\n")
        if Self.realHost == nil {
            let outputs = standInArguments(root).filter { $0.hasPrefix("--output=") }
            XCTAssertEqual(
                outputs,
                [(sha, 1), (broken, 3)].map {
                    "--output=type=image,name=\(registry)/apps/cats:\($0.0.prefix(7))-\($0.1),push=true"
                })
        }
    }

    // MARK: who builds

    private static let realHost = ProcessInfo.processInfo.environment["ITERAPP_TEST_BUILDKIT_HOST"]
        .flatMap { $0.isEmpty ? nil : $0 }

    private func variables(_ root: URL, _ registry: String, engine: String) throws -> [String: String] {
        var own = ["ITERAPP_BUILDER": "buildkit", "ITERAPP_REGISTRY": registry + "/apps"]
        if let host = Self.realHost {
            own["BUILDKIT_HOST"] = host
            if let folder = ProcessInfo.processInfo.environment["ITERAPP_TEST_BUILDKIT_TLS"] {
                for (name, file) in [("CA", "ca.crt"), ("CERT", "tls.crt"), ("KEY", "tls.key")] {
                    own["ITERAPP_BUILDKIT_TLS_\(name)"] = "\(folder)/\(file)"
                }
            }
            return own
        }
        let standIn = try BuildctlStandIn(in: root, Self.act(engine))
        own["BUILDKIT_HOST"] = "tcp://127.0.0.1:1"
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        own["PATH"] = "\(standIn.folder.path):\(path)"
        return own
    }

    /// Makes the image that BuildKit would make, tells what BuildKit told once of another one, and leaves the digest.
    private static func act(_ engine: String) -> String {
        """
        if grep -q 'exit 3' "$dockerfile/$filename"; then
            cat '\(BuildctlStandIn.recordings.path)/run-fails.rawjson' >&2
            exit 1
        fi
        for argument in "$@"; do
            case "$argument" in --output=*) name="${argument#*name=}"; name="${name%%,*}" ;; esac
        done
        engine() { DOCKER_BUILDKIT=0 docker --host '\(engine)' "$@" > "$here/said" 2>&1 || fail "$(cat "$here/said")"; }
        engine build --tag "$name" --file "$dockerfile/$filename" "$context"
        engine push "$name"
        digest="$(sed -n 's/.*digest: \\(sha256:[0-9a-f]*\\) .*/\\1/p' "$here/said")"
        engine image rm "$name"
        cat '\(BuildctlStandIn.recordings.path)/ok.rawjson' >&2
        echo "{\\"containerimage.digest\\":\\"$digest\\"}" > "$metadata"
        """
    }

    private func standInArguments(_ root: URL) -> [String] {
        let file = root.appending(path: "bin/arguments")
        return (try? String(contentsOf: file, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
    }

    // MARK: the engine that runs pods

    private func docker(_ host: String, _ arguments: [String]) async throws -> String {
        let result = try await ProgramRun("docker", ["--host", host] + arguments, timeLimit: .seconds(60)).run()
        return String(decoding: result.output, as: UTF8.self)
    }

    /// As in `127.0.0.1:5000/apps/cats@sha256:…`.
    private func images(of registry: String, _ host: String) async throws -> [String] {
        try await docker(host, ["image", "ls", "--digests", "--format", "{{.Repository}}@{{.Digest}}"])
            .split(separator: "\n").filter { $0.hasPrefix("\(registry)/apps/cats@sha256:") }.map(String.init)
    }

    /// Engines are shared, and their disks are not endless.
    /// - Returns: what could not be removed. An engine of the test's own is gone by then.
    private func removeImages(of registry: String, _ host: String) async throws -> [String] {
        let images = try await images(of: registry, host)
        if !images.isEmpty { _ = try await docker(host, ["image", "rm"] + images) }
        return try await self.images(of: registry, host)
    }
}
