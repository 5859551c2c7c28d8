import AppFile
import Deploys
import Foundation
import JSON
import XCTest

@testable import Kubernetes

/// What single settings do to an appling's objects.
final class WorkloadObjectsTests: XCTestCase {
    private func objects(
        _ options: RenderOptions = RenderOptions(), replicas: Int = 1, addOns: [AddOn] = [],
        _ change: (inout Appling) -> Void
    ) throws -> [JSON] {
        var settings = Appling()
        change(&settings)
        let appling = TestReleases.appling(settings, replicas: replicas, addOns: addOns.map(\.name))
        return try KubernetesObjects.render(TestReleases.release([appling], addOns: addOns), options).objects
    }

    private func first(_ kind: String, in objects: [JSON]) -> JSON? {
        objects.first { $0["kind"]?.string == kind && $0.at("metadata", "name")?.string != "cats-redis" }
    }

    private func old(_ minor: Int) -> RenderOptions {
        var options = RenderOptions()
        options.kubernetesMinor = minor
        return options
    }

    func testProxyIsANativeSidecarWhereTheClusterHasThem() throws {
        func pod(_ minor: Int) throws -> JSON? {
            let objects = try objects(old(minor)) {
                $0.cloudSQLInstances = [CloudSQLInstance(port: 5432, connectionName: "p:r:i")]
            }
            return first("Deployment", in: objects)?.at("spec", "template", "spec")
        }
        let native = try pod(29)
        XCTAssertEqual(native?["initContainers"]?[0]?["restartPolicy"], "Always")
        XCTAssertEqual(native?["containers"]?.array?.count, 1)
        let plain = try pod(28)
        XCTAssertNil(plain?["initContainers"])
        XCTAssertEqual(plain?["containers"]?[1]?["name"], "cloudsql-proxy")
        XCTAssertNil(plain?["containers"]?[1]?["restartPolicy"])
    }

    func testProxysHealthChecksAvoidTheAppsPorts() throws {
        let objects = try objects {
            $0.port = 9801
            $0.metrics = Metrics(port: 9802)
            $0.cloudSQLInstances = [CloudSQLInstance(port: 9803, connectionName: "p:r:i")]
        }
        let proxy = first("Deployment", in: objects)?.at("spec", "template", "spec", "initContainers")?[0]
        XCTAssertEqual(proxy?["args"]?.array?.contains("--http-port=9804"), true)
        XCTAssertEqual(proxy?.at("startupProbe", "httpGet", "port"), 9804)
    }

    func testOneProxyBringsAllInstancesEachToItsPort() throws {
        let objects = try objects {
            $0.cloudSQLInstances = [
                CloudSQLInstance(port: 5433, connectionName: "p:r:one"),
                CloudSQLInstance(port: 5434, connectionName: "p:r:two"),
            ]
        }
        let containers = first("Deployment", in: objects)?.at("spec", "template", "spec", "initContainers")?.array
        XCTAssertEqual(containers?.count, 1)
        XCTAssertEqual(containers?.first?["args"]?.array?.suffix(2), ["p:r:one?port=5433", "p:r:two?port=5434"])
    }

    func testOnlyAppsWithCloudSQLActAsTheOperatorsGoogleAccount() throws {
        var options = RenderOptions()
        let account = "cloud-sql@acme-1.iam.gserviceaccount.com"
        options.cloudSQLServiceAccount = account
        func annotations(_ options: RenderOptions, _ instances: [CloudSQLInstance]) throws -> JSON? {
            let objects = try objects(options) { $0.cloudSQLInstances = instances }
            return first("ServiceAccount", in: objects)?.at("metadata", "annotations")
        }
        let instances = [CloudSQLInstance(port: 5433, connectionName: "p:r:one")]
        XCTAssertEqual(try annotations(options, instances), ["iam.gke.io/gcp-service-account": .string(account)])
        XCTAssertNil(try annotations(options, []))
        XCTAssertNil(try annotations(RenderOptions(), instances))
    }

    func testFilesAreMountedAsTheEnvironmentHasThem() throws {
        let objects = try objects {
            $0.files = MountedFiles(
                common: [.init(path: "/a", secret: "common"), .init(path: "/b", secret: "common")],
                byEnvironment: ["test": [.init(path: "/b", secret: "own")], "prod": [.init(path: "/c", secret: "p")]])
        }
        let spec = first("Deployment", in: objects)?.at("spec", "template", "spec")
        XCTAssertEqual(
            spec?["volumes"]?.array?.map { $0.at("secret", "secretName") }, ["common", "own"])
        XCTAssertEqual(
            spec?["containers"]?[0]?["volumeMounts"]?.array?.map { $0["mountPath"] }, ["/a", "/b"])
    }

    func testOnlyApplingsOfANATSAccountGetItsFiles() throws {
        let addOns = [AddOn(.nats, name: "cats-nats")]
        let user = TestReleases.appling(Appling(name: "a"), name: "cats-a", hosts: [], addOns: ["cats-nats"])
        let other = TestReleases.appling(Appling(name: "b"), name: "cats-b", hosts: [])
        let objects = try KubernetesObjects.render(TestReleases.release([user, other], addOns: addOns)).objects
        let mounts = objects.stage(.workloads).filter { $0["kind"]?.string == "Deployment" }.map {
            $0.at("spec", "template", "spec", "containers")?[0]?["volumeMounts"]?[0]?["mountPath"]
        }
        XCTAssertEqual(mounts, ["/var/run/iterapp/nats", nil])
    }

    func testReleaseJobIsUniqueToOperationAndTemplate() throws {
        func name(_ release: Release) throws -> String? {
            try KubernetesObjects.render(release).objects.stage(.releaseJobs).first?.at("metadata", "name")?.string
        }
        let first = try name(TestReleases.migrating())
        XCTAssertEqual(first, try name(TestReleases.migrating()))
        XCTAssertNotEqual(first, try name(TestReleases.migrating(operation: 8)))
        XCTAssertNotEqual(first, try name(TestReleases.migrating("bin/other")))
    }

    func testServicesDoNotFindPodsThatEndByThemselves() throws {
        let objects = try KubernetesObjects.render(TestReleases.furnished()).objects
        let pods =
            objects.compactMap { $0["kind"]?.string == "Job" ? $0.at("spec", "template") : nil }
            + objects.compactMap { $0.at("spec", "jobTemplate", "spec", "template") }
        XCTAssertEqual(pods.count, 3)
        for service in objects where service["kind"]?.string == "Service" {
            let selector = try XCTUnwrap(service.at("spec", "selector")?.object)
            for pod in pods {
                let labels = pod.at("metadata", "labels")?.object ?? [:]
                XCTAssertFalse(selector.allSatisfy { labels[$0.key] == $0.value }, pod.text)
            }
        }
    }

    func testWhatCronJobsMakeIsTheirs() throws {
        let objects = try objects { $0.cronJobs = [CronJob(name: "x", schedule: "0 0 * * *", path: "/")] }
        let template = try XCTUnwrap(first("CronJob", in: objects)?.at("spec", "jobTemplate"))
        for labels in [
            template.at("metadata", "labels"), template.at("spec", "template", "metadata", "labels"),
        ] {
            XCTAssertEqual(labels?["app.kubernetes.io/part-of"], "cats")
            XCTAssertNil(labels?["app.kubernetes.io/managed-by"], "we would watch them, and prune them")
        }
    }

    func testDollarSignsReachCommandsAsTheyAre() throws {
        let objects = try objects {
            $0.releaseCommand = "migrate $(date) > /tmp/$$.log $HOME \u{D4E}$(PORT)"
            $0.cronJobs = [CronJob(name: "x", schedule: "0 0 * * *", path: "/a?$(PORT)")]
        }
        let command = first("Job", in: objects)?.at("spec", "template", "spec", "containers")?[0]?["command"]
        XCTAssertEqual(command, ["/bin/sh", "-c", "migrate $$(date) > /tmp/$$$$.log $$HOME \u{D4E}$$(PORT)"])
        let call = first("CronJob", in: objects)?.at("spec", "jobTemplate", "spec", "template", "spec", "containers")
        XCTAssertEqual(call?[0]?["args"]?[1], "http://cats/a?$$(PORT)")
    }

    func testHeadersOfCronJobsStayOutOfTheirArguments() throws {
        func objects(_ value: String) throws -> [JSON] {
            try self.objects {
                $0.cronJobs = [
                    CronJob(
                        name: "x", schedule: "0 0 * * *", path: "/x?a=b", method: "POST",
                        headers: [HTTPHeader(name: "A", value: value), HTTPHeader(name: "B", value: "é: 1")])
                ]
            }
        }
        let rendered = try objects("t0ken")
        let cronJob = try XCTUnwrap(first("CronJob", in: rendered))
        XCTAssertFalse(cronJob.text.contains("t0ken"))
        let secret = try XCTUnwrap(
            rendered.first { $0.at("metadata", "name")?.string?.hasPrefix("cats-x-headers-") == true })
        XCTAssertEqual(
            secret.at("data", "headers"), .string(Data("A: t0ken\nB: é: 1\n".utf8).base64EncodedString()))
        XCTAssertTrue(cronJob.text.contains(secret.at("metadata", "name")?.string ?? "?"))
        XCTAssertNotEqual(try first("CronJob", in: objects("other")), cronJob, "another value, another template")
        XCTAssertThrowsError(try objects("one\r\ntwo: 2"))
    }

    func testVersionsAsClustersTellThem() {
        for (version, minor) in [
            ("1.29", 29), ("v1.29.4", 29), ("1.29.4-gke.1043002", 29), ("1.25", 25), ("1.24", nil), ("2.29", nil),
            ("1", nil), ("1.x", nil), ("", nil),
        ] {
            XCTAssertEqual(RenderOptions.kubernetesMinor(ofVersion: version), minor, version)
        }
    }

    func testSettingsThatClustersOfAnAgeDoNotHave() throws {
        func objects(_ minor: Int) throws -> [JSON] {
            try self.objects(old(minor), replicas: 2) { _ in }
        }
        let policy = "unhealthyPodEvictionPolicy"
        XCTAssertNotNil(try first("PodDisruptionBudget", in: objects(27))?.at("spec", policy))
        XCTAssertNil(try first("PodDisruptionBudget", in: objects(26))?.at("spec", policy))
    }

    func testSinglePodHasNoBudget() throws {
        XCTAssertNil(first("PodDisruptionBudget", in: try objects { _ in }))
        XCTAssertEqual(
            first("PodDisruptionBudget", in: try objects(replicas: 2) { _ in })?.at("spec", "maxUnavailable"), 1)
    }

    func testMetricsOnTheAppsOwnPort() throws {
        var options = RenderOptions()
        options.podMonitors = true
        let objects = try objects(options) { $0.metrics = Metrics() }
        let template = first("Deployment", in: objects)?.at("spec", "template")
        XCTAssertEqual(template?.at("metadata", "annotations", "prometheus.io/port"), "3000")
        XCTAssertEqual(template?.at("spec", "containers")?[0]?["ports"]?.array?.count, 1)
        XCTAssertEqual(
            first("PodMonitor", in: objects)?.at("spec", "podMetricsEndpoints"), [["port": "http", "path": "/metrics"]])
        XCTAssertNil(first("PodMonitor", in: try self.objects { $0.metrics = Metrics() }))
        XCTAssertNil(first("PodMonitor", in: try self.objects(options) { _ in }))
    }

    func testChangedValueChangesTheTemplateByItself() throws {
        func template(_ change: (inout Appling) -> Void) throws -> JSON? {
            first("Deployment", in: try objects(RenderOptions(), change))?
                .at("spec", "template", "metadata", "annotations", ObjectScope.templateAnnotation)
        }
        let before = try template { _ in }
        let changes: [(inout Appling) -> Void] = [
            { $0.files = MountedFiles(common: [.init(path: "/a", secret: "s")]) },
            { $0.cloudSQLInstances = [CloudSQLInstance(port: 1, connectionName: "p:r:i")] },
            { $0.metrics = Metrics(port: 1) }, { $0.readiness = Probe(path: "/x") },
        ]
        for change in changes { XCTAssertNotEqual(try template(change), before) }
    }

    func testObjectsStandInTheOrderInWhichTheyNeedEachOther() throws {
        let objects = try KubernetesObjects.render(TestReleases.furnished()).objects
        let stages = objects.map { ApplyStage(of: $0).rawValue }
        XCTAssertEqual(stages, stages.sorted())
        XCTAssertEqual(Set(stages), Set(ApplyStage.allCases.map(\.rawValue)))
        XCTAssertEqual(objects.stage(.addOns).map { $0.at("metadata", "name") }, ["cats-redis"])
        XCTAssertEqual(Set(objects.stage(.access).compactMap { $0["kind"]?.string }).contains("CronJob"), true)
    }

    func testKeptSecretsAreNamedAndNotRendered() throws {
        let rendering = try KubernetesObjects.render(TestReleases.furnished())
        for name in ["cats-nats", "cats-postgres", "cats-redis"] {
            XCTAssertFalse(
                rendering.objects.contains {
                    $0["kind"]?.string == "Secret" && $0.at("metadata", "name")?.string == name
                })
            XCTAssertEqual(rendering.omissions.count { $0.contains("Secret \(name) ") }, 1)
        }
    }

    func testScheduledRequestsWithoutAnImageAreWarnedOf() throws {
        var settings = Appling()
        settings.cronJobs = [CronJob(name: "tidy", schedule: "0 4 * * *", path: "/tidy")]
        let release = try TestReleases.release([TestReleases.appling(settings)])
        let warnings = try KubernetesObjects.render(release).warnings
        XCTAssertEqual(warnings.count, 1)
        XCTAssertTrue(warnings.first?.contains("ITERAPP_IMAGE") ?? false, "\(warnings)")
        var options = RenderOptions()
        options.programImage = "registry.test/iterapp:1"
        XCTAssertEqual(try KubernetesObjects.render(release, options).warnings, [])
        XCTAssertEqual(try KubernetesObjects.render(TestReleases.small()).warnings, [])
    }
}
