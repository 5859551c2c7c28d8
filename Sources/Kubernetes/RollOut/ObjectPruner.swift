import Deploys
import JSON

/// Removes what earlier releases put into a namespace and the plan does not have: an appling that is gone, a route,
/// the variables of the version before.
///
/// Only what we wrote down as ours is looked at, and it has to be the very object (by UID) and to carry our label
/// still; what people made stays.
struct ObjectPruner {
    let client: KubernetesClient
    let ledger: ObjectLedger
    let limits: RollOutLimits

    private enum Fate: Sendable {
        /// There is no such object any more.
        case gone
        case kept
        /// It stays for the next time, and people should know.
        case remark(String)
    }

    /// Leftovers do no harm, so an error is no reason to call a successful roll-out failed: the next one
    /// tries again.
    /// - Parameter kinds: which leftovers to remove; others stay on the list.
    /// - Returns: sentences about what does not go.
    func prune(
        keeping objects: [JSON], where isWanted: (KubernetesResource) -> Bool = { _ in true }
    ) async -> [String] {
        let kept = Set(objects.map(ObjectID.init))
        guard let placed = try? await ledger.placed() else { return [] }
        let leftovers = placed.filter { object in
            !kept.contains(ObjectID(object)) && object.resource.map { $0 != .namespaces && isWanted($0) } ?? false
        }
        var gone: [PlacedObject] = []
        var remarks: [String] = []
        let fates = await inParallel(leftovers, atMost: limits.maxParallelRequests) { object in
            guard let kind = object.resource else { return Fate.kept }
            return await remove(object, kind)
        }
        for (object, fate) in zip(leftovers, fates) {
            switch fate {
            case .gone: gone.append(object)
            case .kept: break
            case .remark(let sentence): remarks.append(sentence)
            }
        }
        try? await ledger.forget(gone)
        return remarks.sorted()
    }

    private func remove(_ object: PlacedObject, _ kind: KubernetesResource) async -> Fate {
        do throws(KubernetesError) {
            guard let live = try await client.find(kind, namespace: object.namespace, name: object.name),
                live.at("metadata", "uid")?.string == object.uid
            else { return .gone }
            let labels = live.at("metadata", "labels")
            guard labels?[ObjectScope.managedBy.key]?.string == ObjectScope.managedBy.value,
                labels?[ObjectScope.keptLabel] == nil
            else {
                // Somebody took our label off, and with it the object.
                return .gone
            }
            if live.isBeingDeleted { return .remark(Self.sentence(object, live)) }
            let answer = try await client.delete(
                kind, namespace: object.namespace, name: object.name, uid: object.uid)
            return answer.isBeingDeleted && !Self.finalizers(of: answer).isEmpty ? .kept : .gone
        } catch {
            switch error {
            case .notFound, .conflict: return .gone
            case .forbidden: return .remark("\(object.label) of an earlier release stays. \(error.sentence)")
            default: return .kept
            }
        }
    }

    private static func finalizers(of object: JSON) -> [String] {
        (object.at("metadata", "finalizers")?.array ?? []).compactMap(\.string)
    }

    private static func sentence(_ object: PlacedObject, _ live: JSON) -> String {
        let since = live.at("metadata", "deletionTimestamp")?.string ?? "a while"
        let names = finalizers(of: live).map { "`\($0)`" }.joined(separator: ", ")
        return "\(object.label) of an earlier release is being deleted since \(since) and does not go"
            + (names.isEmpty ? "." : ": its finalizers \(names) hold it.")
    }
}
