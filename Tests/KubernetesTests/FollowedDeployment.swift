import JSON

@testable import Kubernetes

/// A Deployment and its pods, in all the states that a test wants to look at.
struct FollowedDeployment {
    var name = "cats"
    var replicas = 1
    var deadline = 180
    var pods: [JSON] = []

    /// As the server answers our apply.
    var applied: JSON {
        [
            "kind": "Deployment",
            "metadata": [
                "name": .string(name), "uid": .string("uid of \(name)"), "namespace": "ns", "generation": 2,
                "labels": labels,
            ],
            "spec": [
                "replicas": .int(replicas), "progressDeadlineSeconds": .int(deadline),
                "selector": ["matchLabels": ["app.kubernetes.io/name": .string(name)]],
                "template": [
                    "metadata": [
                        "labels": labels, "annotations": ["iterapp.no/template": "new"],
                    ],
                    "spec": ["containers": [container]],
                ],
            ],
        ]
    }

    private var labels: JSON {
        ["app.kubernetes.io/name": .string(name), "app.kubernetes.io/managed-by": "iterapp"]
    }

    var container: JSON {
        [
            "name": .string(name), "image": "registry.test/cats:1",
            "ports": [["name": "http", "containerPort": 3000]],
            "readinessProbe": ["httpGet": ["path": "/health", "port": "http"], "timeoutSeconds": 1],
            "livenessProbe": ["httpGet": ["path": "/alive", "port": 3000], "timeoutSeconds": 2],
        ]
    }

    var target: RollOutTarget { RollOutTarget(applied, namespace: "ns") }

    /// As a watch has it.
    func object(
        observed: Int = 2, updated: Int? = nil, replicas total: Int? = nil, available: Int? = nil,
        conditions: [JSON] = []
    ) -> JSON {
        var object = applied
        let ready = pods.count(where: Pods.isReady)
        object["status"] = [
            "observedGeneration": .int(observed), "updatedReplicas": .int(updated ?? pods.count),
            "replicas": .int(total ?? pods.count), "availableReplicas": .int(available ?? ready),
            "conditions": .array(conditions),
        ]
        return object
    }

    /// - Parameter status: of its container.
    func pod(
        _ number: Int = 1, ready: Bool = false, _ status: [String: JSON] = [:], conditions: [JSON] = [],
        members: [String: JSON] = [:]
    ) -> JSON {
        let pod = "\(name)-\(number)"
        let condition: JSON = ["type": "Ready", "status": ready ? "True" : "False"]
        let common: [String: JSON] = ["name": .string(name), "ready": .bool(ready), "restartCount": 0]
        var object: JSON = [
            "metadata": [
                "name": .string(pod), "uid": .string("uid of \(pod)"), "namespace": "ns",
                "labels": labels, "annotations": ["iterapp.no/template": "new"],
            ],
            "spec": ["containers": [container]],
            "status": [
                "conditions": .array([condition] + conditions),
                "containerStatuses": status.isEmpty
                    ? [] : [.object(common.merging(status) { _, own in own })],
            ],
        ]
        for (key, value) in members { object["status"]?[key] = value }
        return object
    }

    static func crashed(_ code: Int, restarts: Int) -> [String: JSON] {
        [
            "restartCount": .int(restarts),
            "state": ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off 10s"]],
            "lastState": ["terminated": ["exitCode": .int(code), "reason": "Error"]],
        ]
    }

    static func waiting(_ reason: String, _ message: String) -> [String: JSON] {
        ["state": ["waiting": ["reason": .string(reason), "message": .string(message)]]]
    }

    static let running: [String: JSON] = ["state": ["running": ["startedAt": "2026-11-20T23:25:52Z"]]]

    static func unscheduled(_ message: String) -> JSON {
        ["type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": .string(message)]
    }

    static func gaveUp(at time: String) -> JSON {
        [
            "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
            "lastUpdateTime": .string(time),
        ]
    }

    func event(_ reason: String, _ message: String, pod: Int = 1, container: String? = nil, at time: String? = nil)
        -> JSON
    {
        .compact([
            "type": "Warning", "reason": .string(reason), "message": .string(message),
            "lastTimestamp": .string(time ?? "2026-11-20T23:26:30Z"),
            "involvedObject": .compact([
                "uid": .string("uid of \(name)-\(pod)"),
                "fieldPath": container.map { .string("spec.containers{\($0)}") },
            ]),
        ])
    }

    var diagnosis: Diagnosis { Diagnosis(of: object(), pods: pods) }

    func diagnosis(_ events: [JSON]) -> Diagnosis {
        Diagnosis(of: object(), pods: pods, events: EventIndex(events))
    }

    /// What people read.
    func sentence(_ events: [JSON] = []) -> String? { target.words.sentence(diagnosis(events)) }
}
