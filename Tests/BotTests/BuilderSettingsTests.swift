import Foundation
import Images
import XCTest

@testable import Bot

final class BuilderSettingsTests: XCTestCase {
    private let usual = [
        "ITERAPP_BUILDER": "", "BUILDKIT_HOST": "tcp://buildkitd.builds.svc:1234",
        "ITERAPP_REGISTRY": "registry.example.com/apps",
    ]

    private func problems(_ bench: BotBench, _ change: [String: String]) -> [String] {
        do {
            _ = try bench.settings(usual.merging(change) { $1 })
            return []
        } catch {
            return (error as? SettingsError)?.problems ?? ["\(error)"]
        }
    }

    func testBuildKitIsTheDefault() async throws {
        try await BotBench.with { bench in
            XCTAssertEqual(
                try bench.settings(usual).builder,
                .buildKit(.init(host: "tcp://buildkitd.builds.svc:1234", registry: "registry.example.com/apps")))
            XCTAssertEqual(try bench.settings(["ITERAPP_BUILDER": "docker"]).builder, .docker)
        }
    }

    func testFiles() async throws {
        try await BotBench.with { bench in
            let files = ["ca.crt", "tls.crt", "tls.key", "config.json"].map { bench.directory.appending(path: $0).path }
            for file in files { try Data("{}".utf8).write(to: URL(filePath: file)) }
            let settings = try bench.settings(usual.merging([
                "ITERAPP_BUILDKIT_TLS_CA": files[0], "ITERAPP_BUILDKIT_TLS_CERT": files[1],
                "ITERAPP_BUILDKIT_TLS_KEY": files[2], "ITERAPP_REGISTRY_AUTH_FILE": files[3],
            ]) { $1 })
            XCTAssertEqual(
                settings.builder,
                .buildKit(
                    .init(
                        host: "tcp://buildkitd.builds.svc:1234",
                        tls: .init(authority: files[0], certificate: files[1], key: files[2]),
                        registry: "registry.example.com/apps", authFile: files[3])))
            XCTAssertEqual(
                problems(bench, ["ITERAPP_BUILDKIT_TLS_CERT": files[1]]),
                [
                    "ITERAPP_BUILDKIT_TLS_CA and ITERAPP_BUILDKIT_TLS_KEY must be set as well: mutual TLS takes an "
                        + "authority, a certificate and its key."
                ])
            XCTAssertEqual(
                problems(bench, ["ITERAPP_REGISTRY_AUTH_FILE": "/missing"]),
                ["ITERAPP_REGISTRY_AUTH_FILE names /missing, which can't be read."])
        }
    }

    func testHosts() async throws {
        try await BotBench.with { bench in
            XCTAssertEqual(problems(bench, ["BUILDKIT_HOST": "unix:///run/buildkit/buildkitd.sock"]), [])
            XCTAssertEqual(problems(bench, ["BUILDKIT_HOST": "tcp://[::1]:1234"]), [])
            for wrong in ["buildkitd", "tcp://buildkitd", "http://buildkitd:1234", "unix://run", "docker-container://x"] {
                XCTAssertEqual(
                    problems(bench, ["BUILDKIT_HOST": wrong]),
                    [
                        "BUILDKIT_HOST must be as in tcp://buildkitd:1234 or unix:///run/buildkitd.sock, not \(wrong)."
                    ])
            }
            let all = problems(bench, ["BUILDKIT_HOST": "", "ITERAPP_REGISTRY": "", "ITERAPP_BUILDKIT_TLS_CA": "/x"])
            XCTAssertEqual(all.count, 3, all.joined(separator: "\n"))
        }
    }
}
