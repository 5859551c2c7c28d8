import Foundation
import JSON

/// Which pods belong to a Deployment's current version, and how they are.
enum Pods {
    /// The pods made from the Deployment's present template, oldest first; those on their way out are left
    /// out.
    ///
    /// A ReplicaSet gives its pods the template's labels and annotations, ours that identifies the template
    /// among them. So pods that lack one are of an older ReplicaSet, even when it was somebody else who changed
    /// the template, as `kubectl rollout restart` does.
    static func current(of deployment: JSON, among pods: [JSON]) -> [JSON] {
        let template = deployment.at("spec", "template", "metadata")
        let annotations = template?["annotations"]?.object ?? [:]
        let selector = deployment.at("spec", "selector", "matchLabels")?.object ?? [:]
        let labels = selector.merging(template?["labels"]?.object ?? [:]) { selected, _ in selected }
        return oldestFirst(
            pods.filter { pod in
                guard let metadata = pod["metadata"], metadata["deletionTimestamp"] == nil else { return false }
                return holds(metadata["annotations"], annotations) && holds(metadata["labels"], labels)
            })
    }

    /// Those of a Job, also on their way out: they are all that knows why it failed.
    static func owned(byJob uid: String, among pods: [JSON]) -> [JSON] {
        oldestFirst(
            pods.filter { pod in
                (pod.at("metadata", "ownerReferences")?.array ?? []).contains { $0["uid"]?.string == uid }
            })
    }

    /// Without those that are over while others are not: a ReplicaSet makes new pods in place of pods that the
    /// cluster stopped, and leaves the old ones lying about.
    static func active(_ pods: [JSON]) -> [JSON] {
        let active = pods.filter { pod in
            let phase = pod.at("status", "phase")?.string
            return phase != "Failed" && phase != "Succeeded"
        }
        return active.isEmpty ? pods : active
    }

    static func isReady(_ pod: JSON) -> Bool {
        condition("Ready", of: pod)?["status"]?.string == "True"
    }

    static func condition(_ type: String, of object: JSON) -> JSON? {
        object.at("status", "conditions")?.array?.first { $0["type"]?.string == type }
    }

    /// Whether any of its containers has ever run.
    static func hasStarted(_ pod: JSON) -> Bool {
        PodContainer.all(of: pod).contains { container in
            let status = container.status
            return status.at("state", "running") != nil || status.at("state", "terminated") != nil
                || status.at("lastState", "terminated") != nil
        }
    }

    static func name(_ pod: JSON) -> String { pod.at("metadata", "name")?.string ?? "" }

    private static func holds(_ members: JSON?, _ wanted: [String: JSON]) -> Bool {
        wanted.isEmpty || wanted.allSatisfy { members?[$0.key] == $0.value }
    }

    /// RFC 3339 texts in UTC sort by time.
    private static func oldestFirst(_ pods: [JSON]) -> [JSON] {
        pods.map { (age: $0.at("metadata", "creationTimestamp")?.string ?? "", name: name($0), pod: $0) }
            .sorted { ($0.age, $0.name) < ($1.age, $1.name) }
            .map(\.pod)
    }
}
