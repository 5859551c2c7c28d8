/// The arithmetic of a roll-out: how many pods each ReplicaSet is to have next. Follows the rules of the
/// Deployment page ("Rolling Update Deployment", "Proportional scaling").
struct DeploymentScaling {
    let spec: DeploymentSpec

    /// What the new ReplicaSet may have now, without the total passing `replicas + maxSurge`.
    func newSize(new: ReplicaSetFacts?, all: [ReplicaSetFacts]) -> Int {
        let current = new?.wanted ?? 0
        if current >= spec.replicas { return spec.replicas }
        guard case .rollingUpdate(let surge, _) = spec.strategy else { return spec.replicas }
        let room = spec.replicas + surge - all.wanted
        return room <= 0 ? current : current + min(room, spec.replicas - current)
    }

    /// New sizes of old ReplicaSets, so that enough pods stay available. Pods that are not available anyway
    /// go first. Empty when nothing may go now.
    func shrinkOld(new: ReplicaSetFacts, old: [ReplicaSetFacts]) -> [String: Int] {
        guard old.wanted > 0 else { return [:] }
        let minAvailable = spec.replicas - spec.maxUnavailable
        let newUnavailable = new.wanted - new.available
        let mayGo = old.wanted + new.wanted - minAvailable - newUnavailable
        guard mayGo > 0 else { return [:] }
        var sizes: [String: Int] = [:]
        var gone = 0
        let oldestFirst = old.sorted(by: ReplicaSetFacts.older)
        for set in oldestFirst where set.wanted > 0 && gone < mayGo {
            let unhealthy = min(mayGo - gone, set.wanted - set.available)
            if unhealthy > 0 {
                sizes[set.name] = set.wanted - unhealthy
                gone += unhealthy
            }
        }
        let spare = old.available + new.available - minAvailable
        var taken = 0
        for set in oldestFirst where taken < spare {
            let size = sizes[set.name] ?? set.wanted
            let count = min(size, spare - taken)
            if count > 0 { sizes[set.name] = size - count }
            taken += count
        }
        return sizes
    }

    /// New sizes when `spec.replicas` changed: in the middle of a roll-out each ReplicaSet gets its share.
    func rescale(new: ReplicaSetFacts?, old: [ReplicaSetFacts]) -> [String: Int] {
        let all = (new.map { [$0] } ?? []) + old
        let active = all.filter { $0.wanted > 0 }
        if active.count <= 1 {
            guard let target = active.first ?? new ?? old.max(by: ReplicaSetFacts.older) else { return [:] }
            return target.wanted == spec.replicas ? [:] : [target.name: spec.replicas]
        }
        if let new, new.wanted == spec.replicas, new.available == spec.replicas {
            return Dictionary(uniqueKeysWithValues: old.filter { $0.wanted > 0 }.map { ($0.name, 0) })
        }
        guard case .rollingUpdate(let surge, _) = spec.strategy else { return [:] }
        return proportions(active, allowed: spec.replicas > 0 ? spec.replicas + surge : 0)
    }

    private func proportions(_ active: [ReplicaSetFacts], allowed: Int) -> [String: Int] {
        let toAdd = allowed - active.wanted
        guard toAdd != 0 else { return [:] }
        // The biggest first, so that it takes what rounding leaves over.
        let sorted = active.sorted {
            $0.wanted == $1.wanted ? ReplicaSetFacts.older($0, $1) == (toAdd < 0) : $0.wanted > $1.wanted
        }
        var sizes: [String: Int] = [:]
        var added = 0
        for set in sorted {
            let share = share(of: set, allowed: allowed)
            let left = toAdd - added
            let change = toAdd > 0 ? min(share, left) : max(share, left)
            sizes[set.name] = set.wanted + change
            added += change
        }
        if let first = sorted.first { sizes[first.name, default: 0] += toAdd - added }
        return sizes.mapValues { max(0, $0) }
    }

    private func share(of set: ReplicaSetFacts, allowed: Int) -> Int {
        if spec.replicas == 0 { return -set.wanted }
        let before = set.maxAnnotation ?? allowed
        guard before > 0 else { return 0 }
        let size = Double(set.wanted * allowed) / Double(before)
        return Int(size.rounded(.toNearestOrAwayFromZero)) - set.wanted
    }
}
