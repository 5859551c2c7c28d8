import AppFile
import Deploys
import Foundation
import JSON
import TestSupport
import XCTest

@testable import Kubernetes

/// Plans that need no node: of applings without pods.
class PlanCase: ClusterCase {
    /// Of one appling, `web`, with a Service, a Secret of its own and a route.
    func plan(
        _ operation: Int64 = 1, in namespace: String, _ reconciler: Reconciler, cronJobs: [String] = [],
        variables: [ReleasedAppling.Variable] = [.init(name: "GREETING", value: .plain("hello"))],
        addOns: [AddOn] = []
    ) throws -> ClusterPlan {
        let whole = try release(operation, in: namespace, variables: variables) {
            $0.cronJobs = cronJobs.map { CronJob(name: $0, schedule: "0 3 * * *", path: "/") }
        }
        let web = whole.applings[0]
        let idle = ReleasedAppling(
            settings: web.settings, name: web.name, image: web.image, replicas: 0, hosts: [],
            variables: web.variables)
        return try reconciler.plan(
            Release(
                operation: whole.operation, app: whole.app, appSlug: whole.appSlug, environment: whole.environment,
                namespace: namespace, commit: whole.commit, buildNumber: whole.buildNumber, applings: [idle],
                addOns: addOns))
    }

    /// - Parameter inventory: nil for the one that the class's tests share.
    func withReconciler(
        _ title: String, inventory: ListInventory? = nil, _ body: (ClusterUnderTest, Reconciler, _ namespace: String) async throws -> Void
    ) async throws {
        let cluster = try cluster()
        let reconciler = Reconciler(cluster.client, inventory: inventory ?? cluster.inventory)
        do {
            try await body(cluster, reconciler, cluster.namespace(title))
        } catch {
            XCTFail("\(error)")
        }
        await reconciler.stop()
    }

    /// What `kubectl edit` does to a Deployment.
    func edit(
        _ cluster: ClusterUnderTest, _ namespace: String, _ name: String = "web", manager: String = "kubectl-edit",
        _ change: (inout JSON) -> Void
    ) async throws {
        var deployment = try await cluster.client.get(.deployments, namespace: namespace, name: name)
        // Its status moves meanwhile.
        deployment["metadata"]?["resourceVersion"] = nil
        change(&deployment)
        try await cluster.put(deployment, .deployments, manager: manager)
    }

    /// Versions of everything that is placed in the namespace, by kind and name; where controllers write a status,
    /// those of the rest.
    func versions(_ cluster: ClusterUnderTest, _ namespace: String) async throws -> [String: String] {
        var versions: [String: String] = [:]
        for object in cluster.inventory.all where object.namespace == namespace {
            let live = try await cluster.client.find(
                XCTUnwrap(object.resource), namespace: namespace, name: object.name)
            let generation = live?.at("metadata", "generation")?.int.map(String.init)
            versions[object.label] = generation ?? live?.at("metadata", "resourceVersion")?.string
        }
        return versions
    }

    /// Without the moment, which is now.
    func withoutMoments(_ sentences: [String]) -> [String] {
        sentences.map { $0.replacing(/\ \(\d{4}-\d\d-\d\d \d\d:\d\d UTC\)/, with: "") }
    }
}

extension JSON {
    /// Of a Deployment with one container.
    var container: JSON {
        get { at("spec", "template", "spec", "containers")?[0] ?? .null }
        set { self["spec"]?["template"]?["spec"]?["containers"] = [newValue] }
    }
}
