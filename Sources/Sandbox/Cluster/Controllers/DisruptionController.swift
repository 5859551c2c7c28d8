import Foundation
import JSON

/// PodDisruptionBudget → how many of its pods may be taken away at once
/// (https://kubernetes.io/docs/concepts/workloads/pods/disruptions/). Nothing here evicts pods; the status is
/// for those who read it. What is expected are the pods that are there, not what their owners ask for.
struct DisruptionController {
    let budget: JSON
    /// All pods of the namespace.
    let pods: [JSON]
    let now: Date

    func plan() -> ControllerPlan {
        guard !budget.isBeingDeleted, let selector = budget.at("spec", "selector") else { return .nothing }
        let labels = LabelSelector(selector: selector)
        let covered = pods.filter { labels.matches($0.labels) }.map(PodFacts.init).filter(\.isActive)
        let healthy = covered.filter(\.isReady).count
        let desired = desired(of: covered.count)
        let allowed = max(0, covered.isEmpty ? 0 : healthy - desired)
        var conditions = Conditions(budget.at("status", "conditions"))
        conditions.set(
            "DisruptionAllowed", allowed > 0 ? "True" : "False",
            allowed > 0 ? "SufficientPods" : "InsufficientPods", "", now: ObjectStore.timestamp(now),
            extraTime: nil)
        let status: JSON = [
            "expectedPods": .int(covered.count), "currentHealthy": .int(healthy),
            "desiredHealthy": .int(desired), "disruptionsAllowed": .int(allowed),
            "observedGeneration": .int(budget.generation),
            "conditions": .array(
                conditions.items.map { condition in
                    var condition = condition
                    condition["observedGeneration"] = .int(budget.generation)
                    return condition
                }),
        ]
        guard status != budget["status"] else { return .nothing }
        var changed = budget
        changed["status"] = status
        return ControllerPlan(actions: [.updateStatus(.podDisruptionBudget, changed)])
    }

    private func desired(of expected: Int) -> Int {
        if let least = budget.at("spec", "minAvailable") { return count(least, of: expected) }
        guard let most = budget.at("spec", "maxUnavailable") else { return expected }
        return max(0, expected - count(most, of: expected))
    }

    /// A number, or a share rounded up.
    private func count(_ value: JSON, of expected: Int) -> Int {
        if let number = value.int { return number }
        let percent = Int((value.string ?? "").dropLast()) ?? 0
        return (expected * percent + 99) / 100
    }
}
