import JSON
import XCTest

/// Every golden repository becomes objects that the oldest and the newest Kubernetes take.
final class SchemaTests: XCTestCase {
    func testEveryGoldenFitsTheOldestAndTheNewestSchemas() async throws {
        var cases: [SchemaValidator.Case] = []
        for repository in try GoldenRepository.all() {
            for environment in try repository.environments() {
                for minor in [SchemaValidator.oldestMinor, SchemaValidator.newestMinor] {
                    let objects = try repository.rendering(in: environment, kubernetes: minor).objects
                    cases.append(.init(
                        name: "\(repository.name)/\(environment)", kubernetesMinor: minor,
                        objects: try XCTUnwrap(objects)))
                }
            }
        }
        let problems = try await SchemaValidator.problems(in: cases)
        XCTAssertEqual(problems, [])
        let kinds = Set(cases.flatMap(\.objects).compactMap { $0["kind"]?.string })
        XCTAssertEqual(
            kinds,
            [
                "Namespace", "ServiceAccount", "Secret", "ConfigMap", "Service", "Deployment", "Job", "CronJob",
                "PodDisruptionBudget", "PodMonitor", "HTTPRoute", "ListenerSet", "Ingress", "Middleware", "Certificate",
            ])
    }

    /// A schema that takes everything would show nothing.
    func testAMemberThatNobodyKnowsIsFoundInEveryKind() async throws {
        var kinds: Set<String> = []
        var cases: [SchemaValidator.Case] = []
        for repository in try GoldenRepository.all() {
            for environment in try repository.environments() {
                for var object in try XCTUnwrap(try repository.rendering(in: environment).objects) {
                    let kind = try XCTUnwrap(object["kind"]?.string)
                    guard kinds.insert(kind).inserted else { continue }
                    object = object["spec"] == nil ? object.adding("misspelt") : object.adding("misspelt", to: "spec")
                    cases.append(.init(name: kind, kubernetesMinor: SchemaValidator.newestMinor, objects: [object]))
                }
            }
        }
        let problems = try await SchemaValidator.problems(in: cases)
        for kind in kinds {
            XCTAssertTrue(problems.contains { $0.hasPrefix("\(kind),") && $0.contains("misspelt") }, "\(kind): \(problems)")
        }
    }
}

extension JSON {
    fileprivate func adding(_ name: String) -> JSON {
        var changed = self
        changed[name] = "x"
        return changed
    }

    fileprivate func adding(_ name: String, to member: String) -> JSON {
        var changed = self
        changed[member] = self[member]?.adding(name)
        return changed
    }
}
