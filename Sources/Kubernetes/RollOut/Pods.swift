import Foundation
import JSON

/// Which pods belong to a Deployment's current version, and how they are.
enum Pods {
    /// The pods made from the Deployment's present template, oldest first; those on their way out are left
    /// out. A template is known by our annotation, which its pods carry.
    static func current(of deployment: JSON, among pods: [JSON]) -> [JSON] {
        let template = deployment.at("spec", "template", "metadata", "annotations")?[
            ObjectScope.templateAnnotation]
        let selector = deployment.at("spec", "selector", "matchLabels")?.object ?? [:]
        return
            pods
            .filter { pod in
                let labels = pod.at("metadata", "labels")?.object ?? [:]
                return pod.at("metadata", "deletionTimestamp") == nil
                    && pod.at("metadata", "annotations")?[ObjectScope.templateAnnotation] == template
                    && selector.allSatisfy { labels[$0.key] == $0.value }
            }
            .sorted { age($0) < age($1) }
    }

    /// Those of a Job, also on their way out: they are all that knows why it failed.
    static func owned(byJob uid: String, among pods: [JSON]) -> [JSON] {
        pods
            .filter { pod in
                (pod.at("metadata", "ownerReferences")?.array ?? []).contains { $0["uid"]?.string == uid }
            }
            .sorted { age($0) < age($1) }
    }

    static func isReady(_ pod: JSON) -> Bool {
        condition("Ready", of: pod)?["status"]?.string == "True"
    }

    static func condition(_ type: String, of object: JSON) -> JSON? {
        object.at("status", "conditions")?.array?.first { $0["type"]?.string == type }
    }

    /// In the order in which trouble is looked for: init containers first, as they run first; sidecars last,
    /// as they end with what they are beside.
    static func containerStatuses(of pod: JSON) -> [JSON] {
        let initial = pod.at("status", "initContainerStatuses")?.array ?? []
        let sidecars = Set(
            (pod.at("spec", "initContainers")?.array ?? [])
                .filter { $0["restartPolicy"]?.string == "Always" }.map { $0["name"] })
        return initial.filter { !sidecars.contains($0["name"]) }
            + (pod.at("status", "containerStatuses")?.array ?? [])
            + initial.filter { sidecars.contains($0["name"]) }
    }

    /// Nil while the container has not ended.
    static func exitCode(of container: String, in pod: JSON) -> Int? {
        containerStatuses(of: pod).first { $0["name"]?.string == container }?
            .at("state", "terminated", "exitCode")?.int
    }

    /// Whether any of its containers has ever run.
    static func hasStarted(_ pod: JSON) -> Bool {
        containerStatuses(of: pod).contains { status in
            status.at("state", "running") != nil || status.at("state", "terminated") != nil
                || status.at("lastState", "terminated") != nil
        }
    }

    /// A container as the pod's spec has it.
    static func container(_ name: String, of pod: JSON) -> JSON? {
        let containers =
            (pod.at("spec", "initContainers")?.array ?? []) + (pod.at("spec", "containers")?.array ?? [])
        return containers.first { $0["name"]?.string == name }
    }

    static func name(_ pod: JSON) -> String { pod.at("metadata", "name")?.string ?? "" }

    /// RFC 3339 texts in UTC sort by time.
    private static func age(_ pod: JSON) -> (String, String) {
        (pod.at("metadata", "creationTimestamp")?.string ?? "", name(pod))
    }
}
