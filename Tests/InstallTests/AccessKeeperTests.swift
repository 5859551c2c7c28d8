import Deploys
import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// The access file and the RoleBindings of a cluster.
final class AccessKeeperTests: XCTestCase {
    private final class Bench: Sendable {
        let cluster: EmbeddedCluster
        let file: URL
        let wake = Signal()
        let lines = Watched<[String]>([])

        init(_ cluster: EmbeddedCluster, _ directory: URL) {
            self.cluster = cluster
            file = directory.appending(path: "access.toml")
        }

        func write(_ text: String) throws { try Data(text.utf8).write(to: file) }

        func start(_ client: KubernetesClient? = nil) throws -> Task<Void, Never> {
            let grants = try XCTUnwrap(AccessFile.read(file.path).grants)
            let log = Log { level, line in self.lines.change { $0.append("\(level.rawValue) \(line)") } }
            let keeper = AccessKeeper(
                client ?? cluster.client(), path: file.path, grants: grants, wake: wake, log: log)
            return Task { await keeper.run() }
        }

        func bindings() async throws -> [String] {
            try await cluster.client().list(.roleBindings).items.map { binding in
                let subjects = (binding["subjects"]?.array ?? []).compactMap { $0["name"]?.string }
                let metadata = binding["metadata"]
                return "\(metadata?["namespace"]?.string ?? "")/\(metadata?["name"]?.string ?? ""): "
                    + subjects.joined(separator: ",")
            }.sorted()
        }

        func bindings(become wanted: [String]) async throws {
            try await cluster.eventually("\(wanted)") { try await bindings() == wanted }
        }

        func said(_ text: String) async throws {
            try await lines.wait(for: text) { $0.contains { $0.contains(text) } }
        }
    }

    private func with(_ body: (Bench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            try await EmbeddedCluster.with { try await body(Bench($0, directory)) }
        }
    }

    func testBindingsFollowTheFileAndTheNamespaces() async throws {
        try await with { bench in
            try await bench.cluster.makeNamespace("apps-cats-prod", isOurs: true)
            try await bench.cluster.makeNamespace("apps-foreign")
            try bench.write("""
                [namespaces.apps-cats-prod]
                edit = ["kari", "group:ops"]
                view = ["ola"]
                [namespaces.apps-foreign]
                edit = ["kari"]
                [namespaces.apps-dogs-test]
                view = ["kari"]
                """)
            let task = try bench.start()
            try await bench.bindings(become: ["apps-cats-prod/iterapp-edit: kari,ops", "apps-cats-prod/iterapp-view: ola"])
            // The first deploy of another app makes its namespace.
            try await bench.cluster.makeNamespace("apps-dogs-test", isOurs: true)
            try await bench.bindings(become: [
                "apps-cats-prod/iterapp-edit: kari,ops", "apps-cats-prod/iterapp-view: ola",
                "apps-dogs-test/iterapp-view: kari",
            ])
            try bench.write("[namespaces.apps-cats-prod]\nview = [\"ola\", \"kari\"]\n")
            bench.wake.fire()
            try await bench.bindings(become: ["apps-cats-prod/iterapp-view: ola,kari"])
            task.cancel()
            await task.value
        }
    }

    func testAFileWithMistakesChangesNothingAndSaysWhere() async throws {
        try await with { bench in
            try await bench.cluster.makeNamespace("apps-cats-prod", isOurs: true)
            try bench.write("[namespaces.apps-cats-prod]\nedit = [\"kari\"]\n")
            let task = try bench.start()
            try await bench.bindings(become: ["apps-cats-prod/iterapp-edit: kari"])
            try bench.write("[namespaces.apps-cats-prod]\nedti = [\"kari\"]\n")
            bench.wake.fire()
            try await bench.said("\(bench.file.path):2:1: error: unknown key `edti`; did you mean `edit`?")
            try await bench.said("access stays as it was before")
            try FileManager.default.removeItem(at: bench.file)
            bench.wake.fire()
            try await bench.said("the file cannot be read")
            let bindings = try await bench.bindings()
            XCTAssertEqual(bindings, ["apps-cats-prod/iterapp-edit: kari"])
            try bench.write("")
            bench.wake.fire()
            try await bench.bindings(become: [])
            task.cancel()
            await task.value
        }
    }

    func testWhatPeopleMadeStays() async throws {
        try await with { bench in
            try await bench.cluster.makeNamespace("apps-cats-prod", isOurs: true)
            for name in ["iterapp-edit", "developers"] {
                var own = AccessPlan.binding(.view, in: "apps-cats-prod", [AccessSubject(.user, "own")])
                own["metadata"]?["name"] = .string(name)
                own["metadata"]?["labels"] = nil
                _ = try await bench.cluster.client().create(own, as: .roleBindings)
            }
            try bench.write("[namespaces.apps-cats-prod]\nedit = [\"kari\"]\nview = [\"ola\"]\n")
            let task = try bench.start()
            try await bench.said("RoleBinding apps-cats-prod/iterapp-edit is there already and is not ours")
            try await bench.bindings(become: [
                "apps-cats-prod/developers: own", "apps-cats-prod/iterapp-edit: own", "apps-cats-prod/iterapp-view: ola",
            ])
            task.cancel()
            await task.value
        }
    }

    func testWhatSomebodyChangedIsPutRightAtTheNextStart() async throws {
        try await with { bench in
            try await bench.cluster.makeNamespace("apps-cats-prod", isOurs: true)
            var other = AccessPlan.binding(.edit, in: "apps-cats-prod", [AccessSubject(.user, "mallory")])
            other["roleRef"]?["name"] = "view"
            _ = try await bench.cluster.client().create(other, as: .roleBindings)
            try bench.write("[namespaces.apps-cats-prod]\nedit = [\"kari\"]\n")
            let task = try bench.start()
            try await bench.cluster.eventually("the right role") {
                let binding = try await bench.cluster.client().find(
                    .roleBindings, namespace: "apps-cats-prod", name: "iterapp-edit")
                return binding?.at("roleRef", "name") == "edit" && binding?.at("subjects")?[0]?["name"] == "kari"
            }
            task.cancel()
            await task.value
        }
    }
}
