import Deploys
import JSON

/// Notices where the cluster is no longer as we left it, by one watch per kind for all namespaces.
///
/// A watch keeps no more of an object than a fingerprint of its identity and of what we own in it. Where it
/// differs from what is written down, the object itself is asked for: watches lag behind.
actor DriftWatch {
    private let client: KubernetesClient
    private let inventory: any Inventory
    private let watches: [KubernetesResource: SharedWatch]
    /// Something may have to be looked at. A stream would end with the first task that reads it.
    private let bell = Signal()

    /// Roll-outs and repairs under way.
    private var busy: [String: Int] = [:]
    /// Namespaces to look at.
    private var suspects: Set<String> = []
    /// Told, and not put right yet.
    private var told: Set<String> = []
    /// What we did last there failed.
    private var unsettled: Set<String> = []
    /// Not before then, for the last try failed.
    private var later: [String: ContinuousClock.Instant] = [:]
    private var hasComparedAll = false

    /// What is written down follows what was applied by a moment.
    private static let settleTime: Duration = .seconds(1)
    /// How often to look at namespaces that had to wait.
    private static let lookAgainEvery: Duration = .seconds(30)
    private static let pauseAfterFailure: Duration = .seconds(300)
    /// For more namespaces than this, the whole inventory is read at once.
    private static let maxSingleReads = 20

    /// A release command that is gone is no drift, and certificates are looked after by themselves.
    static let kinds = KubernetesResource.rendered.filter { ![.jobs, .certificates].contains($0) }

    /// - Parameter deployments: of everything of ours; its objects tell their fingerprint where others have
    ///   `metadata.managedFields`.
    init(_ client: KubernetesClient, inventory: any Inventory, deployments: SharedWatch) {
        self.client = client
        self.inventory = inventory
        let selector = ObjectScope.managedBySelector
        var watches: [KubernetesResource: SharedWatch] = [:]
        for kind in Self.kinds {
            watches[kind] =
                kind == .deployments
                ? deployments
                : SharedWatch(client, kind, labelSelector: selector) { .string(Ownership.fingerprint(of: $0)) }
        }
        self.watches = watches
    }

    // MARK: What we do ourselves

    /// Until `lookAfter`, what changes in the namespace is our own doing.
    func leave(_ namespace: String) { busy[namespace, default: 0] += 1 }

    /// - Parameter succeeded: else what is there may be half of one release and half of another, though all of it was
    ///   written down; it is told in any case, but there is no sense in trying again at once.
    func lookAfter(_ namespace: String, succeeded: Bool) {
        let left = (busy[namespace] ?? 1) - 1
        busy[namespace] = left > 0 ? left : nil
        told.remove(namespace)
        later[namespace] = succeeded ? nil : client.timing.now() + Self.pauseAfterFailure
        if succeeded { unsettled.remove(namespace) } else { unsettled.insert(namespace) }
        suspect([namespace])
    }

    private func suspect(_ namespaces: Set<String>) {
        suspects.formUnion(namespaces)
        bell.fire()
    }

    // MARK: Watching

    /// Runs until the task is cancelled, and may be run again afterwards.
    func run(_ onDrift: @escaping @Sendable (_ namespace: String) async -> Void) async {
        var followers: [(SharedWatch, Int)] = []
        for watch in watches.values {
            followers.append((watch, await watch.followAll { namespaces in Task { await self.suspect(namespaces) } }))
        }
        let ticker = Task { [client, bell] in
            while (try? await client.timing.sleep(Self.lookAgainEvery)) != nil { bell.fire() }
        }
        bell.fire()
        while !Task.isCancelled {
            await bell.wait()
            guard (try? await client.timing.sleep(Self.settleTime)) != nil else { break }
            guard await isSynchronized() else { continue }
            await look(onDrift)
        }
        ticker.cancel()
        for (watch, id) in followers { await watch.unfollow(id) }
        for (kind, watch) in watches where kind != .deployments { await watch.stop() }
        // Meanwhile others may have put right what was told.
        (hasComparedAll, told) = (false, [])
    }

    /// Kinds that the cluster does not have, or does not let us see, are not waited for.
    private func isSynchronized() async -> Bool {
        for watch in watches.values {
            if await watch.isSynchronized { continue }
            switch await watch.trouble {
            case .notFound, .forbidden: continue
            default: return false
            }
        }
        return true
    }

    private func look(_ onDrift: @Sendable (_ namespace: String) async -> Void) async {
        do throws(JournalError) {
            if !hasComparedAll {
                suspects.formUnion(Set(try await inventory.placedObjects().map(\.namespace)))
                hasComparedAll = true
            }
            let now = client.timing.now()
            let due = suspects.filter { namespace in
                busy[namespace] == nil && !told.contains(namespace) && (later[namespace] ?? now) <= now
            }
            let placed = try await placedObjects(in: due)
            for namespace in due.sorted() {
                guard !Task.isCancelled else { return }
                await look(at: namespace, placed[namespace] ?? [], onDrift)
            }
        } catch {
            // The next ring asks again.
            return
        }
    }

    private func look(
        at namespace: String, _ placed: [PlacedObject], _ onDrift: @Sendable (_ namespace: String) async -> Void
    ) async {
        suspects.remove(namespace)
        switch await verdict(placed) {
        case .asPlaced where !unsettled.contains(namespace): later[namespace] = nil
        case .unknown: suspects.insert(namespace)
        case .asPlaced, .differs:
            // A roll-out may have begun while we looked; it ends with another look.
            guard busy[namespace] == nil else { return }
            told.insert(namespace)
            await onDrift(namespace)
        }
    }

    /// What is written down of namespaces.
    private func placedObjects(
        in namespaces: Set<String>
    ) async throws(JournalError) -> [String: [PlacedObject]] {
        var placed: [PlacedObject] = []
        if namespaces.count > Self.maxSingleReads {
            placed = try await inventory.placedObjects().filter { namespaces.contains($0.namespace) }
        } else {
            for namespace in namespaces { placed += try await inventory.placedObjects(in: namespace) }
        }
        return Dictionary(grouping: placed, by: \.namespace)
    }

    // MARK: Comparing

    private enum Verdict { case asPlaced, differs, unknown }

    private func verdict(_ objects: [PlacedObject]) async -> Verdict {
        var isUnknown = false
        for object in objects {
            guard let kind = object.resource, let watch = watches[kind], await watch.isSynchronized else { continue }
            if case .notFound = await watch.trouble { continue }
            let seen = await watch.objects(in: object.namespace)[object.name]
            if seen.flatMap(Self.fingerprint) == object.fingerprint { continue }
            switch await verdict(object, kind) {
            case .asPlaced: continue
            case .differs: return .differs
            case .unknown: isUnknown = true
            }
        }
        return isUnknown ? .unknown : .asPlaced
    }

    private static func fingerprint(_ kept: JSON) -> String? {
        kept.string ?? kept.at("metadata", "managedFields")?.string
    }

    /// Of an object that looks different: as it is at this moment.
    private func verdict(_ object: PlacedObject, _ kind: KubernetesResource) async -> Verdict {
        do throws(KubernetesError) {
            let live = try await client.find(kind, namespace: object.namespace, name: object.name)
            // It may stay for long, and nothing can be put in its place until it is gone.
            if let live, live.isBeingDeleted { return .asPlaced }
            let found = live.map(Ownership.fingerprint(of:))
            if found == object.fingerprint { return .asPlaced }
            let written = try? await inventory.placedObjects(in: object.namespace)
            guard let written else { return .unknown }
            guard let now = written.first(where: { $0.kind == object.kind && $0.name == object.name }) else {
                return .asPlaced
            }
            return found == now.fingerprint ? .asPlaced : .differs
        } catch {
            return .unknown
        }
    }
}
