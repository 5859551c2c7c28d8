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

    static func isReady(_ pod: JSON) -> Bool {
        condition("Ready", of: pod)?["status"]?.string == "True"
    }

    static func condition(_ type: String, of object: JSON) -> JSON? {
        object.at("status", "conditions")?.array?.first { $0["type"]?.string == type }
    }

    /// Init containers first, as they run first.
    static func containerStatuses(of pod: JSON) -> [JSON] {
        (pod.at("status", "initContainerStatuses")?.array ?? [])
            + (pod.at("status", "containerStatuses")?.array ?? [])
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
