import AppFile
import Deploys
import Foundation
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// Encrypted values are opened on their way into the cluster, and nowhere else.
final class SealedVariablesTests: XCTestCase {
    private struct Opener: SecretOpener {
        func open(_ text: String, of app: AppID, for uses: Set<SealedValue.Scope>) throws(OpeningError) -> String {
            guard text != "other" else { throw .otherApp("iterate/dogs") }
            return "\(text) of \(app.key) for \(uses.map(\.name).sorted().joined(separator: "+"))"
        }
    }

    private func release(_ text: String = "text", _ environment: EnvironmentName = .test) throws -> Release {
        let variables: [ReleasedAppling.Variable] = [
            .init(name: "PORT", value: .plain("3000")), .init(name: "TOKEN", value: .encrypted(text)),
        ]
        return try TestReleases.release([TestReleases.appling(variables: variables)], environment: environment)
    }

    func testTheClusterGetsTheValueAndThePlanDoesNot() async throws {
        let inventory = ListInventory()
        let outcome = try await RollOutBench.rollOut(
            try release(), inventory: inventory, opener: Opener(), script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        let applied = try outcome.requests.filter { $0.path.contains("-env-") && $0.method == "PATCH" }
            .map { try JSON.parse($0.body) }
        XCTAssertFalse(applied.isEmpty)
        let value = "text of iterate/cats for common"
        for secret in applied {
            XCTAssertEqual(secret.at("data", "TOKEN"), .string(Data(value.utf8).base64EncodedString()))
            XCTAssertEqual(secret.at("data", "PORT"), .string(Data("3000".utf8).base64EncodedString()))
            XCTAssertNil(secret["sealed"])
        }
        let plan = try Reconciler(RollOutBench.nowhere, inventory: inventory).plan(release())
        XCTAssertTrue(plan.text.contains("text"))
        XCTAssertFalse(plan.text.contains(Data(value.utf8).base64EncodedString()))
    }

    func testProdOpensItsOwnValuesToo() throws {
        let object = try XCTUnwrap(
            KubernetesObjects.render(release("text", .prod)).objects.first { $0["sealed"] != nil })
        let opened = try SealedVariables.opened(object, by: Opener())
        XCTAssertEqual(
            opened.at("data", "TOKEN"), .string(Data("text of iterate/cats for common+prod".utf8).base64EncodedString()))
    }

    /// After a restart, what runs is opened once, for the mask to know it.
    func testAllThatCanBeOpenedIsOpenedForAPlanThatRuns() async throws {
        final class Listener: SecretOpener {
            let texts = Mutex<[String]>([])
            func open(_ text: String, of app: AppID, for uses: Set<SealedValue.Scope>) throws(OpeningError) -> String {
                texts.withLock { $0.append("\(text) \(app.key) \(uses.map(\.name).sorted())") }
                guard text != "other" else { throw .tampered }
                return text
            }
        }
        let variables: [ReleasedAppling.Variable] = [
            .init(name: "A", value: .encrypted("other")), .init(name: "B", value: .encrypted("text")),
        ]
        let release = try TestReleases.release([TestReleases.appling(variables: variables)], environment: .prod)
        let listener = Listener()
        let reconciler = Reconciler(RollOutBench.nowhere, inventory: ListInventory(), opener: listener)
        try await reconciler.openSecrets(of: try reconciler.plan(release))
        XCTAssertEqual(
            Set(listener.texts.withLock { $0 }),
            [#"other iterate/cats ["common", "prod"]"#, #"text iterate/cats ["common", "prod"]"#])
    }

    func testWhatCannotBeOpenedIsNamed() async throws {
        let outcome = try await RollOutBench.rollOut(
            try release("other"), opener: Opener(), script: RollOutBench.healthy)
        XCTAssertEqual(
            outcome.error,
            .unmet(
                "`TOKEN` can't be opened: it was encrypted for the app `iterate/dogs`.",
                advice: "Encrypt the secret again for the app `iterate/cats`."))
        XCTAssertTrue(outcome.requests.isEmpty)
    }

    func testAnotherTextIsAnotherVersion() throws {
        func name(_ text: String) throws -> String? {
            try KubernetesObjects.render(release(text)).objects.first { $0["sealed"] != nil }?
                .at("metadata", "name")?.string
        }
        XCTAssertNotEqual(try name("a"), try name("b"))
        XCTAssertEqual(try name("a"), try name("a"))
    }
}
