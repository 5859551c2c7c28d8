import Foundation
import XCTest

@testable import Bot

/// A setting that the README lists must not be forgotten by `iterapp install`.
final class InstalledSettingsTests: XCTestCase {
    /// What a pod has otherwise, or does not need.
    private static let others: Set<String> = [
        "ITERAPP_LISTEN", "ITERAPP_STATE_DIR", "ITERAPP_SOURCE", "ITERAPP_ACCESS_FILE",
        "ITERAPP_POLICY_FILE", "ITERAPP_KEYS", "KUBECONFIG", "ITERAPP_KUBE_CONTEXT",
        "GITHUB_APP_PRIVATE_KEY_FILE", "ITERAPP_NATS_OPERATOR_SEED_FILE", "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE",
        "ITERAPP_NATS_CA_FILE", "BUILDKIT_HOST", "ITERAPP_BUILDKIT_TLS_CA", "ITERAPP_REGISTRY_AUTH_FILE",
    ]

    func testEverySettingOfTheReadmeHasItsPlace() throws {
        let readme = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
        let text = try String(contentsOf: readme, encoding: .utf8)
        let table = try XCTUnwrap(text.components(separatedBy: "### Settings").last?.components(separatedBy: "\n### ").first)
        let rows = table.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let names = Set(rows.flatMap { row -> [String] in
            let cell = row.split(separator: "|")[0]
            return cell.matches(of: #/`([A-Z0-9_]{6,})`/#).map { String($0.1) }
        })
        XCTAssertGreaterThan(names.count, 25)
        let placed = Self.others.union(
            SettingsReader.plainSettings + SettingsReader.dockerSettings
                + SettingsReader.secretSettings(usesGitHubApp: false, signsIn: true)
                + SettingsReader.databaseURLs)
        XCTAssertEqual(names.subtracting(placed), [], "neither installed nor left out on purpose")
        for name in SettingsReader.plainSettings + SettingsReader.dockerSettings {
            XCTAssertNil(name.firstMatch(of: #/SECRET|TOKEN|KEY|PASSWORD/#), "\(name) looks secret")
        }
    }
}
