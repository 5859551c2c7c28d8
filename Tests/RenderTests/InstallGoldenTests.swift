import Bot
import Foundation
import JSON
import XCTest

/// What `iterapp install` prints, byte for byte, and whether clusters take it. `REWRITE_GOLDENS=1 swift test --filter
/// InstallGoldenTests` writes the files anew; read the difference before you commit it.
final class InstallGoldenTests: XCTestCase {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/install")

    private static let usual = [
        "ITERAPP_IMAGE": "registry.example.com/iterapp:1", "ITERAPP_PUBLIC_URL": "https://iterapp.example.com",
        "ITERAPP_REGISTRY": "registry.example.com/apps",
    ]

    private static let cases: [(name: String, flags: InstallOrder.Flags, environment: [String: String])] = [
        ("gateway", [:], usual),
        (
            "ingress",
            [
                "buildkit-certificates": "own", "dns01": "clouddns:cats-1", "email": "ops@example.com",
                "storage": "50Gi", "storage-class": "fast", "namespace": "bots", "build-namespace": "builds",
            ],
            usual.merging([
                "ITERAPP_ROUTING": "ingress", "ITERAPP_INGRESS_CLASS": "nginx", "ITERAPP_CLUSTER_ISSUER": "acme",
                "ITERAPP_ACCESS_FILE": folder.appending(path: "access.toml").path,
                "ITERAPP_POLICY_FILE": folder.appending(path: "policy.toml").path,
                "ITERAPP_KUBERNETES_VERSION": "1.29", "GITHUB_APP_ID": "314159",
                "ITERAPP_NATS_URL": "tls://nats.example.com", "ITERAPP_NATS_ADMIN_URL": "tls://nats.nats.svc",
                "ITERAPP_NATS_CA_FILE": "ca.crt",
            ]) { $1 }
        ),
        (
            "traefik", ["dns01": "route53:eu-north-1", "only": "bot,issuers", "registry-secret": "registry"],
            usual.merging([
                "ITERAPP_ROUTING": "ingress", "ITERAPP_INGRESS_CONTROLLER": "traefik", "ITERAPP_BUILDER": "docker",
                "DOCKER_HOST": "tcp://builder.example.com:2376",
            ]) { $1 }
        ),
        (
            "shared-listener", ["dns01": "cloudflare", "only": "bot,issuers"],
            usual.merging(["ITERAPP_GATEWAY_LISTENERS": "gateway", "ITERAPP_GATEWAY": "edge/front"]) { $1 }
        ),
    ]

    /// Secrets of an operator who has everything set.
    private static let secrets = [
        "SLACK_SIGNING_SECRET": "nobody-must-read-1", "SLACK_BOT_TOKEN": "nobody-must-read-2",
        "GITHUB_WEBHOOK_SECRET": "nobody-must-read-3", "GITHUB_TOKEN": "nobody-must-read-4",
    ]

    private func order(_ index: Int) throws -> InstallOrder {
        let one = Self.cases[index]
        return try InstallOrder(flags: one.flags, environment: one.environment.merging(Self.secrets) { $1 })
    }

    func testEveryInstallationIsItsGolden() throws {
        let rewrites = ProcessInfo.processInfo.environment["REWRITE_GOLDENS"] != nil
        for (index, one) in Self.cases.enumerated() {
            let order = try order(index)
            for (kind, text) in [("json", order.list), ("txt", order.notes)] {
                let file = Self.folder.appending(path: "\(one.name).\(kind)")
                if rewrites { try Data(text.utf8).write(to: file) }
                let golden = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
                XCTAssertTrue(text == golden, "\(file.path) differs")
                XCTAssertFalse(text.contains("nobody-must-read"))

            }
        }
    }

    func testTheOldestAndTheNewestClusterTakeIt() async throws {
        var cases: [SchemaValidator.Case] = []
        for (index, one) in Self.cases.enumerated() {
            let list = try JSON.parse(Array(try order(index).list.utf8))
            for minor in [SchemaValidator.oldestMinor, SchemaValidator.newestMinor] {
                // A field that came with 1.30 is an annotation before.
                if one.environment["ITERAPP_KUBERNETES_VERSION"] == nil, minor < 30, one.flags["only"] == nil { continue }
                cases.append(.init(
                    name: one.name, kubernetesMinor: minor, objects: try XCTUnwrap(list["items"]?.array)))
            }
        }
        let problems = try await SchemaValidator.problems(in: cases)
        XCTAssertEqual(problems, [])
        XCTAssertEqual(
            Set(cases.flatMap(\.objects).compactMap { $0["kind"]?.string }),
            [
                "Namespace", "ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding",
                "PersistentVolumeClaim", "ConfigMap", "Deployment", "Service", "NetworkPolicy", "Certificate", "Issuer",
                "ClusterIssuer", "ListenerSet", "HTTPRoute", "Ingress",
            ])
    }
}
