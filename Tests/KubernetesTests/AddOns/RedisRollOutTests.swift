import Deploys
import Foundation
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// How a Redis comes into the cluster: its password is made once, and it starts anew only for a reason of its own.
final class RedisRollOutTests: XCTestCase {
    private static let secretPath = "/api/v1/namespaces/apps-cats-test/secrets/cats-redis"
    private static let deploymentPath = "/apis/apps/v1/namespaces/apps-cats-test/deployments/cats-redis"

    private static func secret(_ keys: [String]) -> JSON {
        let data = Dictionary(uniqueKeysWithValues: keys.map { ($0, JSON.string("eA==")) })
        return [
            "metadata": ["name": "cats-redis", "namespace": "apps-cats-test", "uid": "by-hand"],
            "data": .object(data),
        ]
    }

    private func posts(_ outcome: RollOutBench.Outcome) -> [HTTPRequest] {
        outcome.requests.filter { $0.method == "POST" }
    }

    /// Deployments that were really applied, in order.
    private func deployments(_ outcome: RollOutBench.Outcome) -> [String] {
        outcome.requests
            .filter {
                $0.method == "PATCH" && $0.fields["dryRun"] == nil && $0.path.contains("/deployments/")
            }
            .compactMap { $0.path.split(separator: "/").last.map(String.init) }
    }

    func testRedisIsReadyBeforeTheApp() async throws {
        let outcome = try await RollOutBench.rollOut(TestReleases.cached(), script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(deployments(outcome), ["cats-redis", "cats"])
        XCTAssertEqual(outcome.progress.last, "1/1", "only applings' pods are counted")
    }

    func testSecretIsMadeOnceAndNeverAppliedOrRemoved() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.cached(), times: 2, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        let made = posts(outcome)
        XCTAssertEqual(made.map(\.path), ["/api/v1/namespaces/apps-cats-test/secrets"])
        XCTAssertEqual(made.first?.fields["fieldValidation"], "Strict")
        XCTAssertFalse(outcome.requests.contains { $0.path == Self.secretPath && $0.method != "GET" })
        XCTAssertFalse(outcome.requests.contains { $0.method == "DELETE" })
        XCTAssertEqual(deployments(outcome).count, 4)
    }

    func testThePasswordIsKnownToWhoeverHidesIt() async throws {
        let learned = Mutex<[String]>([])
        var passwords = Passwords()
        passwords.random = { [UInt8](repeating: 0xFB, count: $0) }
        passwords.learn = { values in learned.withLock { $0 += values } }
        let outcome = try await RollOutBench.rollOut(
            TestReleases.cached(), passwords: passwords, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(learned.withLock { $0 }, ["-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s"])
    }

    func testServerIsTiedToTheSecretThatItReads() async throws {
        let keys = ["REDIS_PASSWORD", "REDIS_URL", "REDIS_USER", "user.conf"]
        let outcome = try await RollOutBench.rollOut(
            TestReleases.cached(), prepare: { await $0.put(Self.secret(keys), at: Self.secretPath) },
            script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        let applied = try XCTUnwrap(
            outcome.requests.last { $0.method == "PATCH" && $0.path == Self.deploymentPath })
        let annotations = try JSON.parse(applied.body).at("spec", "template", "metadata", "annotations")
        XCTAssertEqual(annotations?["iterapp.no/secret"], "by-hand")
    }

    func testSecretHoldsWhatServerAndAppsNeed() throws {
        let objects = try KubernetesObjects.render(TestReleases.cached()).objects
        let deployment = try XCTUnwrap(objects.stage(.addOns).first)
        let secret = RedisSecret.json(for: deployment, random: [UInt8](repeating: 0xFB, count: 32))
        let values = try XCTUnwrap(secret["data"]?.object).mapValues { value in
            String(decoding: Data(base64Encoded: value.string ?? "") ?? Data(), as: UTF8.self)
        }
        let password = "-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s"
        XCTAssertEqual(
            values,
            [
                "REDIS_PASSWORD": password, "REDIS_USER": "default",
                "REDIS_URL": "redis://default:\(password)@cats-redis:6379",
                "user.conf": "user default +@all -@dangerous +keys +info +sort +flushall +flushdb allkeys allchannels "
                    + "on >\(password)\n",
            ])
        XCTAssertEqual(Set(values.keys), Set(RedisSecret.keys))
        XCTAssertEqual(secret.at("metadata", "labels", "iterapp.no/kept"), "true")
    }

    func testPasswordsDiffer() async throws {
        var bodies: Set<[UInt8]> = []
        for _ in 0..<2 {
            let outcome = try await RollOutBench.rollOut(TestReleases.cached(), script: RollOutBench.healthy)
            bodies.formUnion(posts(outcome).map { [UInt8]($0.body) })
        }
        XCTAssertEqual(bodies.count, 2)
    }

    func testSecondOfTwoDeploysTakesTheFirstOnesSecret() async throws {
        // Absent when asked for, and there a moment later.
        let asked = Mutex(0)
        let outcome = try await RollOutBench.rollOut(
            TestReleases.cached(),
            intercept: { request in
                guard request.path == Self.secretPath, request.method == "GET" else { return nil }
                let isFirst = asked.withLock { count in
                    count += 1
                    return count == 1
                }
                return isFirst ? StandInAPI.recorded("error-404.http") : nil
            },
            prepare: {
                await $0.put(
                    Self.secret(["REDIS_PASSWORD", "REDIS_URL", "REDIS_USER", "user.conf"]), at: Self.secretPath)
            }, script: RollOutBench.healthy)
        XCTAssertNil(outcome.error)
        XCTAssertEqual(posts(outcome).count, 1, "which was refused")
        XCTAssertEqual(outcome.requests.filter { $0.path == Self.secretPath }.count, 2)
    }

    func testSecretThatLacksSomethingIsNamed() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.cached(),
            prepare: { await $0.put(Self.secret(["REDIS_PASSWORD"]), at: Self.secretPath) },
            script: RollOutBench.healthy)
        XCTAssertEqual(
            outcome.error,
            .refusedMidway(
                "The Secret cats-redis in the namespace apps-cats-test lacks REDIS_URL, REDIS_USER, user.conf; delete "
                    + "it, so that it is made anew."))
    }

    func testDeployLeavesRedisAlone() throws {
        func template(_ operation: Int64, _ secret: String, image: String = "redis:7-alpine") throws -> JSON? {
            var options = RenderOptions()
            options.redisImage = image
            let objects = try KubernetesObjects.render(TestReleases.cached(operation: operation), options).objects
            let deployment = try XCTUnwrap(objects.stage(.addOns).first)
            return RedisObjects.bound(deployment, toSecret: secret).at("spec", "template")
        }
        XCTAssertEqual(try template(7, "u"), try template(8, "u"))
        XCTAssertNotEqual(try template(7, "u"), try template(7, "another"), "a new password needs a new start")
        XCTAssertNotEqual(try template(7, "u"), try template(7, "u", image: "redis:8-alpine"))
        let annotation = ["metadata", "annotations", "iterapp.no/template"]
        func mark(_ template: JSON?) -> JSON? { annotation.reduce(template) { $0?[$1] } }
        XCTAssertNotEqual(mark(try template(7, "u")), mark(try template(7, "another")))
    }

    func testRedisThatDoesNotStartHasACauseToo() async throws {
        let outcome = try await RollOutBench.rollOut(
            TestReleases.cached(),
            script: { cluster, deployment in
                let waiting: JSON = ["reason": "ImagePullBackOff", "message": "x: \"redis\": not found"]
                let status: JSON = ["name": "redis", "state": ["waiting": waiting]]
                await RollOutBench.put(
                    RollOutBench.pod(of: deployment, named: "cats-redis-1", containerStatus: status), on: cluster)
                await cluster.put(
                    RollOutBench.withStatus(deployment, ["replicas", "updatedReplicas"], 1), at: Self.deploymentPath)
            })
        guard case .failed("cats-redis", let cause, let advice, _)? = outcome.error else {
            return XCTFail("\(outcome)")
        }
        XCTAssertEqual(cause, "The cluster cannot fetch the image of cats-redis (redis:7-alpine): not found.")
        XCTAssertEqual(advice?.contains("ITERAPP_REDIS_IMAGE"), true)
        XCTAssertEqual(deployments(outcome), ["cats-redis"], "nothing of the new version is applied")
    }
}
