import Foundation
import JSON

@testable import Sandbox

/// Does to pods what a node would do: those of an image called `broken` crash, Jobs' succeed, all others get ready.
struct Hands {
    let store: ObjectStore

    func run() async {
        while !Task.isCancelled {
            guard let changes = try? await store.watch(.pod) else { return }
            for await change in changes where change.object.at("status", "containerStatuses") == nil {
                let pod = change.object
                _ = try? await store.modify(
                    .pod, namespace: pod.namespace, name: pod.name, scope: .status, by: "kubelet"
                ) { live in
                    live["status"] = Self.status(of: live)
                }
            }
        }
    }

    private static func status(of pod: JSON) -> JSON {
        let now = JSON.string(ObjectStore.timestamp(.now))
        let isJobs = pod.at("metadata", "ownerReferences")?[0]?["kind"] == "Job"
        let containers = pod.at("spec", "containers")?.array ?? []
        let isBroken = containers.contains { $0["image"]?.string?.contains("broken") == true }
        let isReady: JSON = isBroken || isJobs ? "False" : "True"
        let conditions = ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map { type -> JSON in
            [
                "type": .string(type), "lastTransitionTime": now,
                "status": type.hasSuffix("Ready") ? isReady : "True",
            ]
        }
        let ended: JSON = [
            "exitCode": .int(isBroken ? 1 : 0), "reason": .string(isBroken ? "Error" : "Completed"),
            "startedAt": now, "finishedAt": now,
        ]
        let statuses = containers.map { container -> JSON in
            var status: JSON = [
                "name": container["name"] ?? "", "image": container["image"] ?? "", "imageID": "", "restartCount": 0,
                "ready": .bool(isReady == "True"), "started": .bool(!isBroken),
                "state": isJobs ? ["terminated": ended] : ["running": ["startedAt": now]],
            ]
            if isBroken {
                status["restartCount"] = 3
                status["state"] = ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off 5m0s"]]
                status["lastState"] = ["terminated": ended]
            }
            return status
        }
        return [
            "phase": isJobs ? "Succeeded" : "Running", "startTime": now, "conditions": .array(conditions),
            "containerStatuses": .array(statuses),
        ]
    }
}
