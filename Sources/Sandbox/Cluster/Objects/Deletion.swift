import Foundation
import JSON

package struct DeleteOptions: Sendable {
    package enum Propagation: String, Sendable {
        case background = "Background", foreground = "Foreground", orphan = "Orphan"
    }

    package var uid: String?
    package var resourceVersion: String?
    package var propagation: Propagation
    /// How long a pod may take to stop; nil means what its spec says. 0 removes it at once: that is how
    /// the node confirms that the containers are gone.
    package var gracePeriodSeconds: Int?

    package init(
        uid: String? = nil, resourceVersion: String? = nil, propagation: Propagation = .background,
        gracePeriodSeconds: Int? = nil
    ) {
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.propagation = propagation
        self.gracePeriodSeconds = gracePeriodSeconds
    }
}

extension ObjectStore {
    /// Deletes an object, or begins to: a pod on a node waits for the node, a namespace for its contents,
    /// an object with finalizers for those.
    /// - Returns: the object as it is afterwards, or as it was last, and whether it is gone.
    /// - Throws: 404; 409 when a precondition does not hold.
    @discardableResult
    package func delete(
        _ kind: ResourceKind, namespace: String = "", name: String,
        _ options: DeleteOptions = DeleteOptions(),
        dryRun: Bool = false
    ) throws(APIError) -> (object: JSON, isGone: Bool) {
        let key = ObjectKey(kind, namespace: namespace, name: name)
        return try transact(dryRun: dryRun) { () throws(APIError) in
            guard let live = object(key) else { throw .notFound(kind, name) }
            if let uid = options.uid, uid != live.uid {
                throw .precondition(kind, name, what: "UID", wanted: uid, found: live.uid)
            }
            if let version = options.resourceVersion, version != String(live.resourceVersion) {
                throw .precondition(
                    kind, name, what: "ResourceVersion", wanted: version, found: String(live.resourceVersion))
            }
            delete(key, options)
            return (object(key) ?? live, object(key) == nil)
        }
    }

    private func delete(_ key: ObjectKey, _ options: DeleteOptions) {
        guard var live = object(key) else { return }
        switch options.propagation {
        case .background: break
        case .orphan: for dependent in dependents(of: live.uid) { release(dependent, from: live.uid) }
        case .foreground:
            let dependents = dependents(of: live.uid)
            if !dependents.isEmpty {
                if !live.finalizers.contains(Self.foregroundFinalizer) {
                    let finalizers = live.finalizers + [Self.foregroundFinalizer]
                    live.set(.array(finalizers.map(JSON.string)), at: "metadata", "finalizers")
                }
                mark(live, at: key, grace: 0)
                for dependent in dependents { delete(dependent, options) }
                return
            }
        }
        let grace = gracePeriod(of: live, at: key, options)
        if key.kind == .namespace {
            terminate(live, at: key)
        } else if grace > 0 || !live.finalizers.isEmpty {
            mark(live, at: key, grace: grace)
        } else {
            remove(key)
        }
    }

    static let foregroundFinalizer = "foregroundDeletion"

    /// Only pods that a node has begun to run get time to stop
    /// (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination).
    private func gracePeriod(of live: JSON, at key: ObjectKey, _ options: DeleteOptions) -> Int {
        guard key.kind == .pod, !(live.at("spec", "nodeName")?.string ?? "").isEmpty else { return 0 }
        if ["Succeeded", "Failed"].contains(live.at("status", "phase")?.string) { return 0 }
        let wanted = options.gracePeriodSeconds ?? live.at("spec", "terminationGracePeriodSeconds")?.int ?? 30
        return max(0, wanted)
    }

    /// Writes when the object is to be gone. A second deletion may only shorten the time.
    private func mark(_ live: JSON, at key: ObjectKey, grace: Int) {
        var object = live
        if let earlier = live.at("metadata", "deletionGracePeriodSeconds")?.int, earlier <= grace,
            live.isBeingDeleted
        {
            return
        }
        let end = now().addingTimeInterval(TimeInterval(grace))
        object.set(.string(Self.timestamp(end)), at: "metadata", "deletionTimestamp")
        object.set(.int(grace), at: "metadata", "deletionGracePeriodSeconds")
        if key.kind.hasGeneration, !live.isBeingDeleted {
            object.set(.int(live.generation + 1), at: "metadata", "generation")
        }
        put(object, at: key)
    }

    /// Takes an object out, and what it owned with it.
    func remove(_ key: ObjectKey) {
        guard let object = object(key) else { return }
        take(key)
        for dependent in dependents(of: object.uid) { collect(dependent, without: object.uid) }
        for owner in object.ownerReferences.compactMap({ $0["uid"]?.string }) { finishForeground(owner) }
        if key.kind.isNamespaced { finishNamespace(key.namespace) }
    }

    // MARK: Owners (https://kubernetes.io/docs/concepts/architecture/garbage-collection/)

    private func dependents(of uid: String) -> [ObjectKey] { (keysByOwner[uid] ?? []).sorted() }

    private func collect(_ key: ObjectKey, without owner: String) {
        guard let object = object(key) else { return }
        let hasOtherOwner = object.ownerReferences.contains {
            keysByUID[$0["uid"]?.string ?? ""] != nil && $0["uid"]?.string != owner
        }
        if hasOtherOwner {
            release(key, from: owner)
        } else {
            delete(key, DeleteOptions())
        }
    }

    /// An object whose owners were gone before it was written is collected too.
    func collectIfOrphaned(_ key: ObjectKey) {
        guard let owners = object(key)?.ownerReferences, !owners.isEmpty else { return }
        if !owners.contains(where: { keysByUID[$0["uid"]?.string ?? ""] != nil }) {
            delete(key, DeleteOptions())
        }
    }

    private func release(_ key: ObjectKey, from owner: String) {
        guard var object = object(key) else { return }
        let left = object.ownerReferences.filter { $0["uid"]?.string != owner }
        object.set(left.isEmpty ? nil : .array(left), at: "metadata", "ownerReferences")
        put(object, at: key)
    }

    private func finishForeground(_ uid: String) {
        guard let key = keysByUID[uid], var owner = object(key), owner.isBeingDeleted,
            owner.finalizers.contains(Self.foregroundFinalizer), dependents(of: uid).isEmpty
        else { return }
        let left = owner.finalizers.filter { $0 != Self.foregroundFinalizer }
        owner.set(left.isEmpty ? nil : .array(left.map(JSON.string)), at: "metadata", "finalizers")
        if left.isEmpty { remove(key) } else { put(owner, at: key) }
    }

    // MARK: Namespaces

    private func terminate(_ live: JSON, at key: ObjectKey) {
        if !live.isBeingDeleted {
            var namespace = live
            namespace.set(.string(timestamp), at: "metadata", "deletionTimestamp")
            namespace.set("Terminating", at: "status", "phase")
            put(namespace, at: key)
        }
        for content in contents(of: key.name) { delete(content, DeleteOptions()) }
        finishNamespace(key.name)
    }

    private func contents(of namespace: String) -> [ObjectKey] {
        (keysByNamespace[namespace] ?? []).sorted()
    }

    private func finishNamespace(_ name: String) {
        let key = ObjectKey(.namespace, namespace: "", name: name)
        guard let namespace = object(key), namespace.isBeingDeleted, namespace.finalizers.isEmpty else {
            return
        }
        let left = contents(of: name).compactMap { key in object(key).map { (key, $0) } }
        if left.isEmpty { return take(key) }
        // Pods go by themselves; what waits for somebody else is worth a word.
        guard left.contains(where: { !$0.1.finalizers.isEmpty }) else { return }
        var told = namespace
        let conditions = NamespaceConditions.make(leftovers: left, now: timestamp)
        if Conditions.same(namespace.at("status", "conditions"), conditions) { return }
        told.set(conditions, at: "status", "conditions")
        put(told, at: key)
    }
}
