import Deploys
import Foundation
import HTTP
import JSON
import XCTest

@testable import Kubernetes

/// A scripted cluster with scheduled tasks, whose Jobs and pods are those that a real cluster had.
struct TaskBench {
    static let namespace = "apps-cats-test"

    /// That everybody knows to be one.
    static let secret = "hunter2-hunter2"

    /// Of the monitor's clock, which stands still.
    private static let moment = Date(timeIntervalSince1970: 1_795_000_000)

    let cluster: ScriptedCluster
    let api: StandInAPI
    let monitor: TaskMonitor
    var now: Date { Self.moment }

    static func with(
        intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil }, _ body: (TaskBench) async throws -> Void
    ) async throws {
        let cluster = ScriptedCluster(script: { _, _ in }, intercept: intercept)
        let api = try StandInAPI { await cluster.handle($0) }
        var retry = RetryPolicy()
        retry.maxAttempts = 1
        var timing = Timing.system
        timing.sleep = { $0 == TaskMonitor.pauseBeforeLook ? await Task.yield() : try await Task.sleep(for: $0) }
        let client = KubernetesClient(
            KubernetesConnection(server: api.url), http: HTTPClient(), retry: retry, timing: timing)
        let monitor = TaskMonitor(client, now: { moment }) { _ in SecretMask([secret]) }
        try await body(TaskBench(cluster: cluster, api: api, monitor: monitor))
        await cluster.dropWatches()
        await api.stop()
    }

    func putCronJob(_ name: String = "cats-clean", uid: String = "uid-of-clean", status: JSON = [:]) async {
        await cluster.put(
            [
                "apiVersion": "batch/v1", "kind": "CronJob",
                "metadata": [
                    "name": .string(name), "namespace": .string(Self.namespace), "uid": .string(uid),
                    "labels": ["app.kubernetes.io/managed-by": "iterapp", "app.kubernetes.io/part-of": "cats"],
                ],
                "status": status,
            ], at: Self.path("cronjobs", name))
    }

    func removeCronJob(_ name: String = "cats-clean") async {
        await cluster.remove(Self.path("cronjobs", name))
    }

    /// A Job of the recording, in a CronJob's name.
    /// - Parameters:
    ///   - recorded: `ok` or `bad`.
    ///   - began: RFC 3339.
    static func job(_ recorded: String, _ name: String, began: String, owner: String = "uid-of-clean") throws -> JSON {
        let jobs = try Recordings.items("jobs.list.json")
        var job = try XCTUnwrap(jobs.first { $0.at("metadata", "name")?.string == recorded })
        job["metadata"]?["name"] = .string(name)
        job["metadata"]?["labels"] = ["app.kubernetes.io/component": "cronjob"]
        job["metadata"]?["ownerReferences"] = [
            ["apiVersion": "batch/v1", "kind": "CronJob", "name": "any", "uid": .string(owner), "controller": true]
        ]
        job["metadata"]?["uid"] = .string("uid-of-\(name)")
        job["status"]?["startTime"] = .string(began)
        return job
    }

    func put(_ job: JSON) async {
        await cluster.put(job, at: Self.path("jobs", job.at("metadata", "name")?.string ?? ""))
    }

    /// The pod that the recording's Job left.
    func putPod(of job: JSON, log: String) async throws {
        var pod = try XCTUnwrap(Recordings.items("job-failed.pods.json").first)
        let name = job.at("metadata", "name")?.string ?? ""
        pod["metadata"]?["name"] = .string("\(name)-x7k2p")
        pod["metadata"]?["labels"] = ["job-name": .string(name)]
        pod["metadata"]?["ownerReferences"] = [
            ["apiVersion": "batch/v1", "kind": "Job", "name": .string(name), "uid": job.at("metadata", "uid") ?? ""]
        ]
        await cluster.put(pod, at: "/api/v1/namespaces/\(Self.namespace)/pods/\(name)-x7k2p")
        await cluster.setLog(log, pod: "\(name)-x7k2p", previous: false)
    }

    private static func path(_ plural: String, _ name: String) -> String {
        "/apis/batch/v1/namespaces/\(namespace)/\(plural)/\(name)"
    }
}
