import AppFile
import Deploys
import JSON
import Kubernetes
import XCTest

/// Releases that do not go live, and the sentence that says why.
final class FailureTests: ClusterCase {
    private struct Expectation {
        let title: String
        let release: Release
        /// All of them are in the cause or in what else is said.
        let words: [String]
    }

    /// One namespace each, all at once: none waits for another.
    func testCausesAreNamed() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        func failing(
            _ title: String, _ words: [String], script: String = ClusterImage.serve,
            image: String = ClusterImage.name, variables: [ReleasedAppling.Variable] = [],
            _ adjust: (inout Appling) -> Void = { _ in }
        ) throws -> Expectation {
            let release = try release(
                1, in: cluster.namespace(title), script: script, image: image, variables: variables, adjust)
            return Expectation(title: title, release: release, words: words)
        }
        let token = ReleasedAppling.Variable(name: "TOKEN", value: .secret(name: "api", key: "token"))
        let cases = [
            try failing("image", ["localhost:1/none:1"], image: "localhost:1/none:1"),
            try failing("secret", ["Secret `api`"], variables: [token]),
            try failing("crash", ["3", "out of fish"], script: "echo out of fish; exit 3"),
            try failing("status", ["GET /nope", "404"]) { $0.readiness.path = "/nope" },
            try failing("silent", ["nothing listens on port 8080"], script: "trap 'exit 0' TERM; sleep 600 & wait"),
            try failing("room", ["No machine of the cluster"]) { $0.requests.cpu = "1000" },
        ]
        let options = RenderOptions(progressDeadlineSeconds: cluster.isEmbedded ? 4 : 30)
        await withTaskGroup(of: (Expectation, ClusterUnderTest.Outcome).self) { group in
            for expected in cases {
                group.addTask { (expected, await cluster.deploy(expected.release, options: options)) }
            }
            for await (expected, outcome) in group {
                let said: String
                switch outcome {
                case .failed(let cause, _, let evidence): said = ([cause] + evidence).joined(separator: "\n")
                // Seen before anything is changed.
                case .other(.unmet(let sentence, _)): said = sentence
                default:
                    XCTFail("\(expected.title): \(outcome)")
                    continue
                }
                for word in expected.words {
                    XCTAssertTrue(said.contains(word), "\(expected.title): “\(word)” is not in “\(said)”")
                }
            }
        }
    }

    func testTheLastGoodVersionKeepsServingOnItsHosts() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        try await cluster.require(.httpRoutes, .listenerSets)
        let namespace = cluster.namespace("keep")
        func hosts() async throws -> JSON? {
            try await cluster.client.get(.httpRoutes, namespace: namespace, name: "web").at("spec", "hostnames")
        }
        let good = await cluster.deploy(try release(1, in: namespace, hosts: ["one.test.localhost"]))
        XCTAssertEqual(good, .live)
        let before = try await cluster.readyPods(namespace)
        let broken = try release(2, in: namespace, script: "exit 1", hosts: ["two.test.localhost"])
        let bad = await cluster.deploy(broken)
        XCTAssertNotEqual(bad, .live)
        let after = try await cluster.readyPods(namespace)
        XCTAssertEqual(after, before)
        let kept = try await hosts()
        XCTAssertEqual(kept, ["one.test.localhost"])
        let next = await cluster.deploy(try release(3, in: namespace, hosts: ["two.test.localhost"]))
        XCTAssertEqual(next, .live)
        let changed = try await hosts()
        XCTAssertEqual(changed, ["two.test.localhost"])
    }

    func testQuotaAndPodSecurity() async throws {
        let cluster = try cluster()
        try await cluster.requireNode()
        let quotas = KubernetesResource(
            group: "", version: "v1", kind: "ResourceQuota", plural: "resourcequotas")
        try await cluster.require(quotas)
        let full = try await cluster.madeNamespace("quota")
        _ = try await cluster.client.create([
            "apiVersion": "v1", "kind": "ResourceQuota",
            "metadata": ["name": "none", "namespace": .string(full)], "spec": ["hard": ["pods": "0"]],
        ], as: quotas)
        // A controller writes down what is used; until then nothing is counted.
        try await cluster.eventually("the quota counts") {
            let quota = try await cluster.client.get(quotas, namespace: full, name: "none")
            return cluster.isEmbedded || quota.at("status", "hard", "pods") != nil
        }
        let options = RenderOptions(progressDeadlineSeconds: cluster.isEmbedded ? 4 : 30)
        let outcome = await cluster.deploy(try release(1, in: full), options: options)
        XCTAssertTrue(outcome.sentence.contains("quota"), outcome.sentence)
    }
}
