import AppFile
import Deploys
import Foundation
import JSON
import XCTest

@testable import Kubernetes

/// Rendered objects, byte for byte. `REWRITE_GOLDENS=1 swift test --filter KubernetesObjectsTests`
/// writes the files anew; read the difference before you commit it.
final class KubernetesObjectsTests: XCTestCase {
    func testSmallAppBehindGateway() throws {
        try check(KubernetesObjects.render(TestReleases.small()), golden: "small-gateway.json")
    }

    func testLargeAppBehindGateway() throws {
        let options = RenderOptions(
            routing: .gateway(GatewayProfile(name: "public", namespace: "gateways")), clusterIssuer: "letsencrypt-staging")
        try check(KubernetesObjects.render(TestReleases.large(), options), golden: "large-gateway.json")
    }

    func testLargeAppBehindIngress() throws {
        let options = RenderOptions(routing: .ingress(IngressProfile(className: "nginx")))
        try check(KubernetesObjects.render(TestReleases.large(), options), golden: "large-ingress.json")
    }

    func testAppWithEverythingBesideIt() throws {
        var options = RenderOptions()
        options.podMonitors = true
        try check(KubernetesObjects.render(TestReleases.furnished(), options), golden: "furnished.json")
    }

    func testAppWithEverythingBesideItOnAnOldCluster() throws {
        var options = RenderOptions()
        options.kubernetesMinor = 25
        options.redisImage = "registry.test/redis:7"
        options.programImage = "registry.test/iterapp:1"
        try check(KubernetesObjects.render(TestReleases.furnished(), options), golden: "furnished-old-cluster.json")
    }

    func testRenderingTwiceGivesTheSameBytes() throws {
        let texts = try (1...20).map { _ in
            JSON.array(try KubernetesObjects.render(TestReleases.large()).objects).text
        }
        XCTAssertEqual(Set(texts).count, 1)
    }

    func testEveryObjectCarriesOurLabels() throws {
        for object in try KubernetesObjects.render(TestReleases.large()).objects {
            let labels = object.at("metadata", "labels")
            XCTAssertEqual(labels?["app.kubernetes.io/managed-by"], "iterapp", object.text)
            XCTAssertEqual(labels?["app.kubernetes.io/part-of"], "cats", object.text)
            XCTAssertNotNil(KubernetesResource.of(object), object.text)
        }
    }

    func testTemplateChangesWithVariablesAndOperationOnly() throws {
        func template(_ release: Release) throws -> JSON? {
            let objects = try KubernetesObjects.render(release).objects
            let deployment = objects.first { $0["kind"]?.string == "Deployment" }
            return deployment?.at("spec", "template", "metadata", "annotations", "iterapp.no/template")
        }
        let before = try template(TestReleases.small())
        XCTAssertEqual(try template(TestReleases.small()), before)
        let other = TestReleases.appling(variables: [.init(name: "PORT", value: .plain("3001"))])
        XCTAssertNotEqual(try template(TestReleases.release([other])), before)
        XCTAssertNotEqual(try template(TestReleases.release([TestReleases.appling()], operation: 8)), before)
        let moreReplicas = TestReleases.appling(replicas: 4)
        XCTAssertEqual(try template(TestReleases.release([moreReplicas])), before)
    }

    func testOldVariablesStayWhereOldPodsLookForThem() throws {
        func secretName(_ value: String) throws -> String? {
            let appling = TestReleases.appling(variables: [.init(name: "A", value: .plain(value))])
            let objects = try KubernetesObjects.render(TestReleases.release([appling])).objects
            return objects.first { $0["kind"]?.string == "Secret" }?.at("metadata", "name")?.string
        }
        XCTAssertNotEqual(try secretName("1"), try secretName("2"))
        XCTAssertEqual(try secretName("1"), try secretName("1"))
    }

    func testSlowProbeGetsALaterDeadline() throws {
        var settings = Appling()
        settings.readiness = Probe(
            path: "/", initialDelaySeconds: 300, periodSeconds: 30, successThreshold: 3)
        XCTAssertEqual(DeploymentObject.progressDeadlineSeconds(settings, RenderOptions()), 540)
        XCTAssertEqual(DeploymentObject.progressDeadlineSeconds(Appling(), RenderOptions()), 180)
    }

    func testNoOldPodGoesBeforeANewOneIsReady() throws {
        func strategy(_ update: RollingUpdate?) throws -> JSON? {
            var settings = Appling()
            settings.rollingUpdate = update
            let objects = try KubernetesObjects.render(TestReleases.release([TestReleases.appling(settings)])).objects
            return objects.first { $0["kind"]?.string == "Deployment" }?.at(
                "spec", "strategy", "rollingUpdate")
        }
        XCTAssertEqual(try strategy(nil), ["maxUnavailable": 0, "maxSurge": "25%"])
        XCTAssertEqual(try strategy(.init(maxSurge: .number(0))), ["maxUnavailable": 1, "maxSurge": 0])
        XCTAssertEqual(
            try strategy(.init(maxUnavailable: .number(1))), ["maxUnavailable": 1, "maxSurge": "25%"])
        XCTAssertThrowsError(try strategy(.init(maxUnavailable: .percent(0), maxSurge: .number(0))))
    }

    func testEncryptedValueIsKeptAsItIsAndNamedInAWarning() throws {
        let variable = ReleasedAppling.Variable(name: "TOKEN", value: .encrypted("c2VjcmV0"))
        let rendering = try KubernetesObjects.render(
            TestReleases.release([TestReleases.appling(variables: [variable])]))
        let planned = rendering.objects.first { $0["kind"]?.string == "Secret" }
        XCTAssertNil(planned?.at("data", "TOKEN"), "it is no value yet")
        let secret = rendering.shownObjects.first { $0["kind"]?.string == "Secret" }
        XCTAssertNil(secret?["sealed"])
        XCTAssertEqual(secret?.at("data", "TOKEN"), .string(Data("c2VjcmV0".utf8).base64EncodedString()))
        XCTAssertEqual(rendering.omissions.count, 1)
        XCTAssertTrue(rendering.omissions.allSatisfy { $0.contains("TOKEN") && !$0.contains("c2VjcmV0") })
    }

    private func check(_ rendering: Rendering, golden name: String) throws {
        let text = KubernetesObjects.list(rendering.objects).prettyText + "\n"
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/objects/\(name)")
        if ProcessInfo.processInfo.environment["REWRITE_GOLDENS"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        XCTAssertEqual(text, try String(contentsOf: file, encoding: .utf8))
    }
}
