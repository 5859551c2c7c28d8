import JSON

@testable import Kubernetes

/// What happens to Jobs, in the shapes of the recordings.
extension RollOutBench {
    static let jobs = "/apis/batch/v1/namespaces/apps-cats-test/jobs"

    /// The Job's command has run: first its pod knows, then the Job.
    static func end(_ job: JSON, exitCode: Int, on cluster: ScriptedCluster) async {
        let name = job.at("metadata", "name")?.string ?? ""
        let terminated: JSON = [
            "exitCode": .int(exitCode), "reason": exitCode == 0 ? "Completed" : "Error",
            "finishedAt": "2026-11-20T23:55:47Z",
        ]
        await put(pod(of: job, ["name": "release", "restartCount": 0, "state": ["terminated": terminated]]), on: cluster)
        let types = exitCode == 0 ? ["SuccessCriteriaMet", "Complete"] : ["FailureTarget", "Failed"]
        await cluster.put(
            withConditions(job, types, reason: exitCode == 0 ? "CompletionsReached" : "BackoffLimitExceeded"),
            at: "\(jobs)/\(name)")
    }

    /// The Job's pod stays as this container status says.
    static func put(_ pod: JSON, on cluster: ScriptedCluster) async {
        let name = pod.at("metadata", "name")?.string ?? ""
        await cluster.put(pod, at: "/api/v1/namespaces/apps-cats-test/pods/\(name)")
    }

    static func pod(of job: JSON, _ containerStatus: JSON) -> JSON {
        let name = "\(job.at("metadata", "name")?.string ?? "")-x1y2z"
        var pod = pod(of: job, named: name, containerStatus: containerStatus)
        pod["metadata"]?["ownerReferences"] = [
            ["apiVersion": "batch/v1", "kind": "Job", "controller": true, "uid": job.at("metadata", "uid") ?? .null]
        ]
        return pod
    }

    static func withConditions(_ job: JSON, _ types: [String], reason: String) -> JSON {
        var changed = job
        changed["status"] = [
            "conditions": .array(
                types.map { ["type": .string($0), "status": "True", "reason": .string(reason)] })
        ]
        return changed
    }
}
