import Foundation
import JSON
import TestSupport
import XCTest

/// `iterapp install`, from outside.
final class InstallTests: XCTestCase {
    private let settings = [
        "ITERAPP_IMAGE": "registry.example.com/iterapp:1", "ITERAPP_PUBLIC_URL": "https://iterapp.example.com",
        "ITERAPP_REGISTRY": "registry.example.com/apps",
        "SLACK_SIGNING_SECRET": "nobody-must-read-this", "SLACK_BOT_TOKEN": "nobody-must-read-this",
        "GITHUB_WEBHOOK_SECRET": "nobody-must-read-this", "GITHUB_TOKEN": "nobody-must-read-this",
    ]

    private func kinds(_ end: Program.End) throws -> [String] {
        XCTAssertEqual(end.exitCode, 0, end.errors)
        let list = try JSON.parse(Array(end.output.utf8))
        XCTAssertEqual(list["kind"], "List")
        return (list["items"]?.array ?? []).compactMap { $0["kind"]?.string }
    }

    func testItPrintsAListTheSameEachTimeAndNoSecret() async throws {
        let first = try await Program.run("install", environment: settings)
        let second = try await Program.run("install", environment: settings)
        XCTAssertEqual(first.output, second.output)
        XCTAssertEqual(try kinds(first).first, "Namespace")
        XCTAssertTrue(first.errors.contains("create secret generic iterapp --from-env-file=FILE"), first.errors)
        XCTAssertFalse((first.output + first.errors).contains("nobody-must-read-this"))
    }

    func testKeysForEncryptedValuesAreInASecretThere() async throws {
        for (value, expected) in [
            ("/etc/keys.pem", "secret:iterapp/iterapp-keys"), ("secret:vault/keys", "secret:vault/keys"),
        ] {
            let end = try await Program.run(
                "install", environment: settings.merging(["ITERAPP_KEYS": value]) { _, own in own })
            XCTAssertEqual(end.exitCode, 0, end.errors)
            XCTAssertTrue(end.output.contains("\"\(expected)\""), end.output)
            XCTAssertEqual(
                end.errors.contains("create secret generic iterapp-keys --from-file=keys.pem=/etc/keys.pem"),
                value == "/etc/keys.pem", end.errors)
        }
    }

    func testParts() async throws {
        let rights = try await Program.run("install", "--only", "rbac")
        XCTAssertEqual(
            try kinds(rights), ["Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"])
        XCTAssertEqual(rights.errors, "")
        let issuer = try await Program.run("install", "--only=issuers", "--dns01", "cloudflare")
        XCTAssertEqual(try kinds(issuer), ["ClusterIssuer"])
    }

    func testEveryProblemOfTheSettingsIsToldAtOnce() async throws {
        try await Program.with(["access.toml": "[namespaces.cats]\n"]) { directory in
            let end = try await Program.run(
                "install",
                environment: [
                    "ITERAPP_PUBLIC_URL": "http://iterapp.example.com:8080/x", "ITERAPP_ROUTING": "nginx",
                    "ITERAPP_BUILDER": "docker", "ITERAPP_ACCESS_FILE": "access.toml",
                ], directory: directory)
            XCTAssertEqual(end.exitCode, 1)
            XCTAssertEqual(end.output, "")
            for part in [
                "There are 5 problems with the settings:", "ITERAPP_ROUTING must be gateway or ingress",
                "ITERAPP_PUBLIC_URL must be https:// and a host", "ITERAPP_IMAGE is not set",
                "access.toml:1:13: error: `cats` is no app's namespace", "DOCKER_HOST is not set",
            ] {
                XCTAssertTrue(end.errors.contains(part), "\(part): \(end.errors)")
            }
        }
    }

    func testWrongUsageIsToldAtOnce() async throws {
        let end = try await Program.run(
            "install", "--only", "rbac,bots", "--storage", "10", "--namespace", "Bots", "--buildkit-certificates", "mine",
            "--dns01", "bind", "--email", "ops", "--acme-server", "ftp://x", environment: settings)
        XCTAssertEqual(end.exitCode, 2)
        XCTAssertEqual(end.output, "")
        for part in [
            "--only takes rbac, bot, buildkit, issuers, separated by commas, not bots.",
            "--storage must be a size such as 10Gi, not 10.",
            "--namespace must be a name of lower-case letters, digits and “-”, not Bots.",
            "--buildkit-certificates must be cert-manager or own, not mine.",
            "--dns01 must be cloudflare, clouddns:PROJECT or route53:REGION, not bind.",
            "--email must be an address, as in ops@example.com, not ops.",
            "--acme-server must be a URL that begins with https://.", "usage: iterapp install",
        ] {
            XCTAssertTrue(end.errors.contains(part), "\(part): \(end.errors)")
        }
        let unknown = try await Program.run("install", "--onyl", "rbac")
        XCTAssertEqual(unknown.exitCode, 2)
        let help = try await Program.run("install", "--help")
        XCTAssertEqual(help.exitCode, 0)
        XCTAssertTrue(help.output.hasPrefix("usage: iterapp install"))
    }
}
