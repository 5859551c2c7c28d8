import Foundation
import JSON

/// What the ResourceQuotas of a namespace leave room for
/// (https://kubernetes.io/docs/concepts/policy/resource-quotas/).
enum Quota {
    /// Why a new object does not fit; nil when it does.
    ///
    /// - Parameter others: the objects of its kind that are there already.
    static func violation(of object: JSON, _ kind: ResourceKind, others: [JSON], quotas: [JSON]) -> String? {
        for quota in quotas.sorted(by: { $0.name < $1.name }) {
            let hard = (quota.at("spec", "hard")?.object ?? [:]).compactMapValues {
                ExactQuantity($0.string ?? $0.text)
            }
            let asked = usage(of: object, kind).filter { hard[$0.key] != nil }
            if let missing = missing(in: object, kind, hard: Set(hard.keys)) {
                return "failed quota: \(quota.name): must specify \(missing)"
            }
            let used = others.map { usage(of: $0, kind) }
            let over = asked.keys.sorted().filter { name in
                let before = used.reduce(Decimal(0)) { $0 + ($1[name] ?? 0) }
                return before + (asked[name] ?? 0) > (hard[name]?.value ?? 0)
            }
            if over.isEmpty { continue }
            func list(_ amount: (String) -> Decimal) -> String {
                over.map { "\($0)=\(text(amount($0), like: hard[$0]))" }.joined(separator: ",")
            }
            return "exceeded quota: \(quota.name), requested: \(list { asked[$0] ?? 0 }), "
                + "used: \(list { name in used.reduce(0) { $0 + ($1[name] ?? 0) } }), "
                + "limited: \(list { hard[$0]?.value ?? 0 })"
        }
        return nil
    }

    private static let computed = ["cpu", "memory", "ephemeral-storage"]

    private static func usage(of object: JSON, _ kind: ResourceKind) -> [String: Decimal] {
        var usage: [String: Decimal] = ["count/\(kind.qualifiedPlural)": 1]
        if kind.group.isEmpty { usage[kind.plural] = 1 }
        if kind == .persistentVolumeClaim {
            usage["requests.storage"] = amount(object.at("spec", "resources", "requests", "storage"))
        }
        guard kind == .pod else { return usage }
        if ["Succeeded", "Failed"].contains(object.at("status", "phase")?.string) {
            return ["count/pods": 1]
        }
        for name in computed {
            let requests = total(of: object, "requests", name)
            usage["requests.\(name)"] = requests
            usage[name] = requests
            usage["limits.\(name)"] = total(of: object, "limits", name)
        }
        return usage
    }

    /// A limit alone is a request too.
    private static func total(of pod: JSON, _ side: String, _ name: String) -> Decimal {
        (pod.at("spec", "containers")?.array ?? []).reduce(0) { sum, container in
            let resources = container["resources"] ?? [:]
            return sum + amount(resources.at(side, name) ?? resources.at("limits", name))
        }
    }

    private static func amount(_ value: JSON?) -> Decimal {
        value.flatMap { ExactQuantity($0.string ?? $0.text)?.value } ?? 0
    }

    /// A pod in a namespace with a limit must say what it takes: `limits.cpu for: web`.
    private static func missing(in object: JSON, _ kind: ResourceKind, hard: Set<String>) -> String? {
        guard kind == .pod else { return nil }
        let lacking = computed.flatMap { name -> [String] in
            let fields = ["requests.\(name)", "limits.\(name)", name].filter(hard.contains)
            return fields.compactMap { field -> String? in
                let side = field.hasPrefix("limits") ? "limits" : "requests"
                let names = (object.at("spec", "containers")?.array ?? []).filter { container in
                    let resources = container["resources"] ?? [:]
                    return resources.at(side, name) == nil && resources.at("limits", name) == nil
                }.compactMap { $0["name"]?.string }
                return names.isEmpty ? nil : "\(field) for: \(names.joined(separator: ","))"
            }
        }
        return lacking.isEmpty ? nil : lacking.sorted().joined(separator: "; ")
    }

    private static func text(_ amount: Decimal, like quantity: ExactQuantity?) -> String {
        quantity?.with(amount).canonical ?? "\(amount)"
    }
}
