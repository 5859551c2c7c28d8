import Deploys
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import Kubernetes

/// Runs one release against a scripted cluster, over real HTTP.
enum RollOutBench {
    static let deploymentPath = "/apis/apps/v1/namespaces/apps-cats-test/deployments/cats"
    static let podPath = "/api/v1/namespaces/apps-cats-test/pods/cats-1"

    /// A cluster that nobody asks.
    static let nowhere = KubernetesClient(KubernetesConnection(server: "http://127.0.0.1:9"), http: HTTPClient())

    /// What one test learns from its roll-out.
    struct Outcome: Sendable {
        let error: RollOutError?
        let progress: [String]
        let requests: [HTTPRequest]
        let took: Duration
        /// Sentences that the last roll-out returned.
        let remarks: [String]
        let holdUps: [String]
    }

    static func rollOut(
        _ release: Release, times: Int = 1, limits chosen: RollOutLimits = RollOutLimits(),
        longest: Duration = .seconds(30), inventory: ListInventory = ListInventory(), timing: Timing = .system,
        isPuttingBack: Bool = false, passwords: Passwords = Passwords(), addOns: AddOnServers = AddOnServers(),
        opener: (any SecretOpener)? = nil, andRepairs: Bool = false,
        intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil },
        prepare: (ScriptedCluster) async throws -> Void = { _ in },
        script: @escaping ScriptedCluster.Script
    ) async throws -> Outcome {
        let cluster = ScriptedCluster(script: script, intercept: intercept)
        try await prepare(cluster)
        let api = try StandInAPI { await cluster.handle($0) }
        var retry = RetryPolicy()
        retry.maxAttempts = 2
        retry.firstDelay = .milliseconds(1)
        let connection = KubernetesConnection(server: api.url)
        let client = KubernetesClient(connection, http: HTTPClient(), retry: retry, timing: timing)
        var limits = chosen
        // A verdict that never comes must fail the test and not hold it up.
        limits.maxRollOut = min(limits.maxRollOut, longest)
        let reconciler = Reconciler(
            client, inventory: inventory, limits: limits, passwords: passwords, addOns: addOns, opener: opener)
        let progress = Mutex<[String]>([])
        let holdUps = Mutex<[String]>([])
        let onProgress: @Sendable (RollOutProgress) -> Void = { step in
            if let holdUp = step.holdUp { holdUps.withLock { $0.append(holdUp) } }
            progress.withLock { $0.append("\(step.ready)/\(step.wanted)") }
        }
        var remarks: [String] = []
        var failure: RollOutError?
        let start = ContinuousClock.now
        for _ in 0..<times {
            do throws(RollOutError) {
                let plan = try reconciler.plan(release)
                remarks =
                    isPuttingBack
                    ? try await reconciler.putBack(plan, onProgress: onProgress)
                    : try await reconciler.rollOut(plan, onProgress: onProgress)
                if andRepairs { remarks = try await reconciler.repair(plan) }
            } catch {
                failure = error
            }
        }
        let took = ContinuousClock.now - start
        await reconciler.stop()
        await cluster.dropWatches()
        await api.stop()
        return Outcome(
            error: failure, progress: progress.withLock { $0 }, requests: api.requests, took: took,
            remarks: remarks, holdUps: holdUps.withLock { $0 })
    }

    /// A node that runs everything at once.
    static let healthy: ScriptedCluster.Script = { cluster, workload in
        if workload["kind"]?.string == "Job" {
            await end(workload, exitCode: 0, on: cluster)
        } else {
            await start(workload, on: cluster)
        }
    }

    /// All pods of a Deployment become ready.
    static func start(_ deployment: JSON, on cluster: ScriptedCluster) async {
        let wanted = deployment.at("spec", "replicas")?.int ?? 0
        let name = deployment.at("metadata", "name")?.string ?? ""
        for index in 1...wanted {
            await cluster.put(
                pod(
                    of: deployment, named: "\(name)-\(index)",
                    conditions: [["type": "Ready", "status": "True"]]),
                at: "/api/v1/namespaces/apps-cats-test/pods/\(name)-\(index)")
        }
        await cluster.put(
            withStatus(
                deployment, ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"], wanted),
            at: "/apis/apps/v1/namespaces/apps-cats-test/deployments/\(name)")
    }

    static func pod(
        of deployment: JSON, named name: String, conditions: JSON = [], containerStatus: JSON? = nil
    ) -> JSON {
        let template = deployment.at("spec", "template")
        return [
            "metadata": [
                "name": .string(name), "namespace": "apps-cats-test", "uid": .string("uid-of-\(name)"),
                "labels": template?.at("metadata", "labels") ?? [:],
                "annotations": template?.at("metadata", "annotations") ?? [:],
            ],
            "spec": template?["spec"] ?? [:],
            "status": [
                "conditions": conditions, "containerStatuses": containerStatus.map { [$0] } ?? [],
            ],
        ]
    }

    static func withStatus(_ deployment: JSON, _ keys: [String], _ count: Int, progressing: String? = nil)
        -> JSON
    {
        var changed = deployment
        var status: [String: JSON] = ["observedGeneration": deployment.at("metadata", "generation") ?? 0]
        for key in keys { status[key] = .int(count) }
        if let progressing {
            status["conditions"] = [
                ["type": "Progressing", "status": "False", "reason": .string(progressing)]
            ]
        }
        changed["status"] = .object(status)
        return changed
    }

    /// A node on which the only pod gets stuck with this container status.
    static func stuck(_ containerStatus: JSON) -> ScriptedCluster.Script {
        { cluster, deployment in
            await cluster.put(
                pod(of: deployment, named: "cats-1", containerStatus: containerStatus), at: podPath)
            await cluster.put(withStatus(deployment, ["replicas", "updatedReplicas"], 1), at: deploymentPath)
        }
    }
}
