import JSON

/// What the LimitRanges of a namespace give containers, and refuse them
/// (https://kubernetes.io/docs/concepts/policy/limit-range/).
enum ContainerLimits {
    static func fill(_ pod: inout JSON, _ ranges: [JSON]) {
        guard let containers = pod.at("spec", "containers")?.array, !ranges.isEmpty else { return }
        let items = containerItems(ranges)
        pod.set(.array(containers.map { container in
            var container = container
            for item in items {
                for (name, value) in item["default"]?.object ?? [:]
                where container.at("resources", "limits", name) == nil {
                    container.set(value, at: "resources", "limits", name)
                }
                for (name, value) in item["defaultRequest"]?.object ?? item["default"]?.object ?? [:]
                where container.at("resources", "requests", name) == nil {
                    container.set(value, at: "resources", "requests", name)
                }
            }
            return container
        }), at: "spec", "containers")
    }

    /// Why the pod is refused; nil when it is not.
    static func violation(of pod: JSON, _ ranges: [JSON]) -> String? {
        for item in containerItems(ranges) {
            for container in pod.at("spec", "containers")?.array ?? [] {
                for (name, most) in (item["max"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
                    let limit = container.at("resources", "limits", name)
                    guard let limit, let most = ExactQuantity(most.string ?? most.text),
                        let found = ExactQuantity(limit.string ?? limit.text), found.value > most.value
                    else { continue }
                    return "maximum \(name) usage per Container is \(most.canonical), but limit is "
                        + found.canonical
                }
            }
        }
        return nil
    }

    private static func containerItems(_ ranges: [JSON]) -> [JSON] {
        ranges.flatMap { $0.at("spec", "limits")?.array ?? [] }.filter { $0["type"] == "Container" }
    }
}
