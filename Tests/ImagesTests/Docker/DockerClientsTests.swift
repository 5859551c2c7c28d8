import Deploys
import Foundation
import TestSupport
import XCTest

@testable import Images

final class DockerClientsTests: XCTestCase {
    /// A client that answers as told, and writes down that it was asked.
    private func fake(_ folder: URL, version: String, buildx: Bool) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "docker")
        let script = """
            #!/bin/sh
            echo "$@" >> '\(folder.path)/asked'
            case "$1" in
            --version) echo "\(version)" ;;
            buildx) \(buildx ? "echo 'github.com/docker/buildx v0.20.0'" : "exit 1") ;;
            esac

            """
        try Data(script.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    private func clients(_ folders: URL...) -> DockerClients {
        // Without a fallback, so that the machine's own client does not matter.
        DockerClients(
            environment: ["PATH": folders.map(\.path).joined(separator: ":") + ":/bin"],
            fallback: "/nonexistent")
    }

    func testFirstClientThatCanBuildWins() async throws {
        try await withTemporaryDirectory { root in
            let old = root.appending(path: "old")
            let bare = root.appending(path: "bare")
            let podman = root.appending(path: "podman")
            let good = root.appending(path: "good")
            let other = root.appending(path: "other")
            let broken = root.appending(path: "broken")
            try fake(old, version: "Docker version 17.12.1-ce, build 7390fc6", buildx: false)
            try fake(bare, version: "Docker version 28.2.2, build e6534b4", buildx: false)
            try fake(podman, version: "podman version 4.3.1", buildx: true)
            try fake(good, version: "Docker version 27.0.3, build 7d4bcd8", buildx: true)
            try fake(other, version: "Docker version 20.10.24+dfsg1, build 297e128", buildx: false)
            try FileManager.default.createDirectory(
                at: broken.appending(path: "docker"), withIntermediateDirectories: true)

            var path = try await clients(old, broken, podman, bare, good, other).path()
            XCTAssertEqual(path, good.path + "/docker")
            path = try await clients(bare, other, good).path()
            XCTAssertEqual(path, other.path + "/docker")
        }
    }

    func testAnswerIsKeptOnlyWhenThereIsOne() async throws {
        try await withTemporaryDirectory { root in
            let folder = root.appending(path: "client")
            try fake(folder, version: "Docker version 28.2.2, build e6534b4", buildx: false)
            let clients = DockerClients(environment: ["PATH": folder.path], fallback: "/nonexistent")
            do throws(BuildError) {
                let path = try await clients.path()
                XCTFail(path)
            } catch {
                guard case .engineUnavailable(let sentence) = error else { return XCTFail("\(error)") }
                XCTAssertTrue(
                    sentence.contains("\(folder.path)/docker (version 28) lacks the buildx plugin"), sentence)
                XCTAssertTrue(sentence.contains("docker-buildx-plugin"), sentence)
            }
            // Somebody installs the plugin.
            try fake(folder, version: "Docker version 28.2.2, build e6534b4", buildx: true)
            for _ in 1...3 { _ = try await clients.path() }
            let asked = try String(contentsOf: folder.appending(path: "asked"), encoding: .utf8)
            XCTAssertEqual(asked.split(separator: "\n").filter { $0.hasPrefix("--version") }.count, 2)
        }
    }

    func testNoClient() async throws {
        try await withTemporaryDirectory { root in
            do throws(BuildError) {
                let path = try await DockerClients(environment: ["PATH": root.path], fallback: "/nonexistent")
                    .path()
                XCTFail(path)
            } catch {
                XCTAssertEqual(
                    error,
                    .engineUnavailable(
                        "No Docker client is on PATH; install Docker "
                            + "(on Debian: `apt-get install docker.io`)."
                    ))
            }
        }
    }

    func testWhereTheEngineListens() {
        XCTAssertEqual(DockerEngine(environment: [:]).host, "unix:///var/run/docker.sock")
        XCTAssertEqual(DockerEngine(environment: ["DOCKER_HOST": ""]).host, "unix:///var/run/docker.sock")
        XCTAssertEqual(
            DockerEngine(environment: ["DOCKER_HOST": "tcp://10.0.0.1:2375"]).host, "tcp://10.0.0.1:2375")
        XCTAssertEqual(
            DockerEngine(environment: ["DOCKER_HOST": "tcp://10.0.0.1:2375"], socket: "/x.sock").host,
            "unix:///x.sock")
    }
}
