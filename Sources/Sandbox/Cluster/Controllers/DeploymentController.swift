import Foundation
import JSON

/// Deployment → ReplicaSets. One step at a time: after each, the objects have changed and the next plan is
/// made from them, so it can be interrupted anywhere
/// (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/).
struct DeploymentController {
    static let name = "deployment-controller"

    let deployment: JSON
    /// Those that the Deployment owns.
    let replicaSets: [ReplicaSetFacts]
    /// Names of all ReplicaSets in the namespace: a new one's name must be free.
    let takenNames: Set<String>
    /// Whether a pod of an old ReplicaSet has not ended yet (only `Recreate` waits for that).
    private(set) var oldPodsRun = false
    let now: Date

    private let spec: DeploymentSpec
    private let template: JSON

    init(
        deployment: JSON, replicaSets: [JSON], takenNames: Set<String>, now: Date
    ) {
        self.deployment = deployment
        self.replicaSets = replicaSets.map(ReplicaSetFacts.init).sorted(by: ReplicaSetFacts.older)
        self.takenNames = takenNames
        self.now = now
        spec = DeploymentSpec(deployment)
        template = deployment.at("spec", "template") ?? .null
    }

    /// The ReplicaSet whose pods are what the Deployment asks for now; the oldest, should there be several.
    var new: ReplicaSetFacts? { replicaSets.first { $0.template == template } }
    var old: [ReplicaSetFacts] { replicaSets.filter { $0.name != new?.name } }

    func with(oldPodsRun: Bool) -> DeploymentController {
        var copy = self
        copy.oldPodsRun = oldPodsRun
        return copy
    }

    func plan() -> ControllerPlan {
        if deployment.isBeingDeleted { return statusOnly() }
        if spec.isPaused || isScaled { return rescale() }
        if case .recreate = spec.strategy {
            let scaled = scale(Dictionary(old.filter { $0.wanted > 0 }.map { ($0.name, 0) }) { $1 })
            if !scaled.isEmpty { return withStatus(scaled) }
            if oldPodsRun { return withStatus([]) }
        }
        guard let new else { return create() }
        if let touched = mark(new) { return ControllerPlan(actions: touched) }
        let scaling = DeploymentScaling(spec: spec)
        let size = scaling.newSize(new: new, all: replicaSets)
        if size != new.wanted { return withStatus(scale([new.name: size])) }
        let shrunk = scaling.shrinkOld(new: new, old: old)
        if !shrunk.isEmpty { return withStatus(scale(shrunk)) }
        return withStatus(isComplete ? forgetOldRevisions() : [])
    }

    // MARK: - Steps

    private var isScaled: Bool {
        replicaSets.contains { $0.wanted > 0 && ($0.desiredAnnotation ?? spec.replicas) != spec.replicas }
    }

    private func rescale() -> ControllerPlan {
        let sizes = DeploymentScaling(spec: spec).rescale(new: new, old: old)
        // Also those whose size stays learn the new total, or they would look unscaled for ever.
        let rest = replicaSets.filter { $0.wanted > 0 && sizes[$0.name] == nil }
            .compactMap { renewed($0, size: $0.wanted) }
        return ControllerPlan(actions: scale(sizes) + rest + statusUpdate(DeploymentStatus(self).plain()))
    }

    private func statusOnly() -> ControllerPlan {
        ControllerPlan(actions: statusUpdate(DeploymentStatus(self).plain()))
    }

    private func withStatus(_ actions: [ControllerPlan.Action]) -> ControllerPlan {
        let status = DeploymentStatus(self)
        var plan = ControllerPlan(actions: actions + statusUpdate(status.rollOut()))
        if let deadline = status.deadline { plan.checkAgain(at: deadline) }
        return plan
    }

    private func create() -> ControllerPlan {
        let collisions = deployment.at("status", "collisionCount")?.int ?? 0
        let hash = PodTemplateHash.text(template, collisionCount: collisions)
        let name = "\(deployment.name)-\(hash)"
        guard !takenNames.contains(name) else {
            var status = deployment["status"] ?? [:]
            status["collisionCount"] = .int(collisions + 1)
            return ControllerPlan(actions: statusUpdate(status))
        }
        let size = DeploymentScaling(spec: spec).newSize(new: nil, all: replicaSets)
        let set = newReplicaSet(name: name, hash: hash, size: size)
        var actions: [ControllerPlan.Action] = [.create(.replicaSet, set)]
        if size > 0 { actions.append(scaled("Scaled up", name, from: 0, to: size)) }
        var changed = deployment
        changed.set(
            .string("\(nextRevision)"), at: "metadata", "annotations", ReplicaSetFacts.revisionAnnotation)
        changed["status"] = DeploymentStatus(self).with(
            reason: "NewReplicaSetCreated", message: "Created new replica set \"\(name)\"")
        actions.append(.updateStatus(.deployment, changed))
        return ControllerPlan(actions: actions)
    }

    private var nextRevision: Int { (old.map(\.revision).max() ?? 0) + 1 }

    /// Keeps the revision and the size annotations of the new ReplicaSet, and the Deployment's, up to date;
    /// nil when they are. A template that came back gets a new revision number.
    private func mark(_ new: ReplicaSetFacts) -> [ControllerPlan.Action]? {
        var actions: [ControllerPlan.Action] = []
        let revision = max(new.revision, nextRevision)
        if let update = renewed(new, size: new.wanted, revision: revision) { actions.append(update) }
        let hasProgressing = Conditions(deployment.at("status", "conditions"))["Progressing"] != nil
        let known = deployment.annotations[ReplicaSetFacts.revisionAnnotation] == "\(revision)"
        if !known || !hasProgressing {
            var changed = deployment
            changed.set(
                .string("\(revision)"), at: "metadata", "annotations", ReplicaSetFacts.revisionAnnotation)
            if !hasProgressing {
                changed["status"] = DeploymentStatus(self).with(
                    reason: "FoundNewReplicaSet", message: "Found new replica set \"\(new.name)\"")
            }
            actions.append(.updateStatus(.deployment, changed))
        }
        return actions.isEmpty ? nil : actions
    }

    private var isComplete: Bool {
        guard let new else { return false }
        return new.present == spec.replicas && new.available == spec.replicas
            && replicaSets.present == spec.replicas
    }

    private func forgetOldRevisions() -> [ControllerPlan.Action] {
        let idle = old.filter { $0.wanted == 0 && $0.present == 0 && !$0.object.isBeingDeleted }
        let surplus = old.count - spec.revisionHistoryLimit
        guard surplus > 0 else { return [] }
        let oldest = idle.sorted { $0.revision < $1.revision }.prefix(surplus)
        return oldest.map { .delete(.replicaSet, $0.object) }
    }

    // MARK: - Objects

    private func scale(_ sizes: [String: Int]) -> [ControllerPlan.Action] {
        replicaSets.flatMap { set -> [ControllerPlan.Action] in
            guard let size = sizes[set.name], size != set.wanted, let update = renewed(set, size: size)
            else { return [] }
            let verb = size > set.wanted ? "Scaled up" : "Scaled down"
            return [update, scaled(verb, set.name, from: set.wanted, to: size)]
        }
    }

    private func scaled(_ verb: String, _ name: String, from: Int, to: Int) -> ControllerPlan.Action {
        .event(EventNote(
            about: deployment, .normal, "ScalingReplicaSet",
            "\(verb) replica set \(name) from \(from) to \(to)", component: Self.name))
    }

    private func renewed(
        _ set: ReplicaSetFacts, size: Int, revision: Int? = nil
    ) -> ControllerPlan.Action? {
        var changed = set.object
        changed.set(.int(size), at: "spec", "replicas")
        annotate(&changed, revision: revision ?? set.revision)
        return changed == set.object ? nil : .update(.replicaSet, changed)
    }

    private func annotate(_ set: inout JSON, revision: Int) {
        let values = [
            ReplicaSetFacts.revisionAnnotation: revision,
            ReplicaSetFacts.desiredAnnotation: spec.replicas,
            ReplicaSetFacts.maxAnnotation: spec.replicas + spec.maxSurge,
        ]
        for (key, value) in values { set.set(.string("\(value)"), at: "metadata", "annotations", key) }
    }

    private func newReplicaSet(name: String, hash: String, size: Int) -> JSON {
        var labelled = template
        labelled.set(.string(hash), at: "metadata", "labels", ReplicaSetFacts.hashLabel)
        var selector = deployment.at("spec", "selector") ?? [:]
        selector.set(.string(hash), at: "matchLabels", ReplicaSetFacts.hashLabel)
        var set: JSON = [
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": [
                "name": .string(name), "namespace": .string(deployment.namespace),
                "labels": labelled.at("metadata", "labels") ?? [:],
                "ownerReferences": [OwnerReference.controller(deployment)],
            ],
            "spec": ["replicas": .int(size), "selector": selector, "template": labelled],
            "status": ["replicas": 0],
        ]
        if let seconds = deployment.at("spec", "minReadySeconds") {
            set.set(seconds, at: "spec", "minReadySeconds")
        }
        annotate(&set, revision: nextRevision)
        return set
    }

    private func statusUpdate(_ status: JSON) -> [ControllerPlan.Action] {
        guard status != deployment["status"] else { return [] }
        var changed = deployment
        changed["status"] = status
        return [.updateStatus(.deployment, changed)]
    }
}

enum OwnerReference {
    static func controller(_ owner: JSON) -> JSON {
        [
            "apiVersion": owner["apiVersion"] ?? .null, "kind": owner["kind"] ?? .null,
            "name": .string(owner.name), "uid": .string(owner.uid),
            "controller": true, "blockOwnerDeletion": true,
        ]
    }
}
