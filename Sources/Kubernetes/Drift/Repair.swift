import Deploys
import JSON

/// Puts right what differs from a plan in what we own. What is right is not touched, so that none of its pods rolls.
struct Repair {
    private let namespace: String
    /// Without release commands, which ran, and certificates, which are looked after by themselves.
    private let objects: [JSON]
    private let addOns: [AddOnPlace]
    private let servers: AddOnServers
    private let client: KubernetesClient
    private let limits: RollOutLimits
    private let passwords: Passwords
    private let ledger: ObjectLedger
    private let patience: Patience
    private var sentences: [String] = []
    private var isNamespaceMissing = false
    /// The Secrets of what runs in the namespace.
    private var secrets = SecretBindings()
    /// Of applings' Deployments, by name.
    private var bindings: [String: SecretBindings] = [:]

    /// - Parameter plan: its objects.
    init(
        _ plan: [JSON], _ addOns: [AddOnPlace], in namespace: String, client: KubernetesClient, limits: RollOutLimits,
        passwords: Passwords, servers: AddOnServers, ledger: ObjectLedger
    ) {
        self.namespace = namespace
        self.addOns = addOns
        self.servers = servers
        objects = plan.filter { ![.releaseJobs, .certificates].contains(ApplyStage(of: $0)) }
        self.client = client
        self.limits = limits
        self.passwords = passwords
        self.ledger = ledger
        // A repair that gets no answer is begun again later; it must not keep a deploy waiting.
        patience = Patience(client, maxSilence: .zero)
    }

    private var applier: ObjectApplier { ObjectApplier(client: client, limits: limits, patience: patience) }

    /// - Returns: what was different and by whom; empty when nothing was.
    mutating func run() async throws(RollOutError) -> [String] {
        let placed = try await ledger.placed()
        let all = try await look(Dictionary(placed.map { (ObjectID($0), $0) }) { _, last in last })
        if !isNamespaceMissing { try await bind(all) }
        let found = all.filter(isWrong)
        let items = try await tell(found, found.map { ObjectApplier.Item(bound($0.object)) })
        for stage in ApplyStage.allCases {
            try await apply(items.filter { ApplyStage(of: $0.object) == stage })
            if stage == .namespace { try await keepAddOns(items.map(\.object)) }
        }
        try await settle(placed)
        return sentences
    }

    // MARK: Finding

    private enum State: Sendable {
        case right(live: JSON)
        case missing
        case different(live: JSON)
    }

    private struct Found: Sendable {
        let object: JSON
        let state: State
        let placed: PlacedObject?

        var live: JSON? {
            switch state {
            case .right(let live), .different(let live): live
            case .missing: nil
            }
        }
    }

    private func isWrong(_ found: Found) -> Bool {
        if case .right(let live) = found.state { isOutdated(found.object, live) } else { true }
    }

    /// Everything as it is.
    private mutating func look(_ placed: [ObjectID: PlacedObject]) async throws(RollOutError) -> [Found] {
        let inside = objects.filter { ApplyStage(of: $0) != .namespace }
        var all: [Found] = []
        for object in objects.stage(.namespace) {
            let found = try await look(object, placed[ObjectID(object)])
            all.append(found)
            guard case .missing = found.state else { continue }
            // Nothing is in a namespace that is not there.
            isNamespaceMissing = true
            if found.placed != nil { sentences.append(DriftWords.namespaceDeleted(namespace)) }
            return all + inside.map { Found(object: $0, state: .missing, placed: nil) }
        }
        let found = await inParallel(inside, atMost: limits.maxParallelRequests) { [self] object in
            do throws(RollOutError) {
                return Result<Found, RollOutError>.success(try await look(object, placed[ObjectID(object)]))
            } catch {
                return .failure(error)
            }
        }
        for one in found { all.append(try one.get()) }
        return all
    }

    private func look(_ object: JSON, _ placed: PlacedObject?) async throws(RollOutError) -> Found {
        guard let live = try await live(object) else { return Found(object: object, state: .missing, placed: placed) }
        // Nothing can take its place until it is gone, and then the watch tells.
        let isRight =
            live.isBeingDeleted
            || placed.map { $0.fingerprint == Ownership.fingerprint(of: live) && ledger.isAsPlanned($0) } == true
        return Found(object: object, state: isRight ? .right(live: live) : .different(live: live), placed: placed)
    }

    /// The object as it is; a Namespace on its way out is waited for.
    private func live(_ object: JSON) async throws(RollOutError) -> JSON? {
        guard let kind = KubernetesResource.of(object) else { return nil }
        let name = object.at("metadata", "name")?.string ?? ""
        let live: JSON?
        do throws(KubernetesError) {
            live = try await client.find(kind, namespace: namespace, name: name)
        } catch {
            throw Refusals(error, object).rollOutError(isBegun: false)
        }
        guard kind == .namespaces, live?.isBeingDeleted == true else { return live }
        try await NamespaceGate(client: client, limits: limits, patience: patience, onHoldUp: { _ in })
            .waitUntilGone(name)
        return nil
    }

    // MARK: Telling

    /// Compares each object with what our apply would make of it.
    /// - Returns: the items as they are to be applied.
    private mutating func tell(
        _ found: [Found], _ items: [ObjectApplier.Item]
    ) async throws(RollOutError) -> [ObjectApplier.Item] {
        var result: [ObjectApplier.Item] = []
        for (found, item) in zip(found, items) {
            switch found.state {
            case .missing:
                result.append(item)
                if found.placed != nil, item.object["kind"] != "Namespace" {
                    sentences.append(DriftWords.deleted(found.object))
                }
            case .right(let live), .different(let live):
                let checked: ObjectApplier.Applied
                do throws(Refusals) {
                    checked = try await applier.check([item])
                } catch {
                    throw error.rollOutError(isBegun: false)
                }
                result += checked.items
                if let placed = found.placed, placed.uid != live.at("metadata", "uid")?.string {
                    sentences.append(DriftWords.replaced(found.object))
                } else {
                    var live = live
                    if isOutdated(found.object, live) {
                        sentences.append(DriftWords.begunWithOther(found.object))
                        live = SecretBindings.rebound(live, like: item.object)
                    }
                    for (item, answer) in zip(checked.items, checked.answers) {
                        let differences = ObjectDifference.between(live, and: answer, of: item.object)
                        sentences += DriftWords.changed(found.object, differences)
                    }
                }
            }
        }
        return result
    }

    // MARK: Putting right

    private func apply(_ items: [ObjectApplier.Item]) async throws(RollOutError) {
        var items = items
        // In a namespace that was made just now, nothing was known of Secrets before.
        if isNamespaceMissing { for index in items.indices { items[index].object = bound(items[index].object) } }
        let answers: [JSON]
        do throws(Refusals) {
            answers = try await applier.apply(items).answers
        } catch {
            try await ledger.place(error.answers)
            throw error.rollOutError(isBegun: true)
        }
        try await ledger.place(answers)
    }

    /// Takes off the list what is gone of earlier releases, and takes what is left as it is: it is none of the plan's.
    private func settle(_ placed: [PlacedObject]) async throws(RollOutError) {
        let kept = Set(objects.map(ObjectID.init))
        for object in placed where !kept.contains(ObjectID(object)) {
            guard let kind = object.resource, DriftWatch.kinds.contains(kind) else { continue }
            let live: JSON?
            do throws(KubernetesError) {
                live = try await client.find(kind, namespace: namespace, name: object.name)
            } catch {
                continue
            }
            guard let live, live.at("metadata", "uid")?.string == object.uid else {
                try await ledger.forget([object])
                continue
            }
            let now = PlacedObject(live, kind, namespace: namespace, content: object.content)
            if now != object { try await ledger.place([live]) }
        }
    }
}

// MARK: Add-ons

extension Repair {
    private var keeper: AddOnKeeper {
        AddOnKeeper(client: client, patience: patience, servers: servers, learn: passwords.learn)
    }

    /// Finds out what pods are to begin with. A Redis belongs to its Secret; one that is to be made anew has its Secret
    /// made, too.
    private mutating func bind(_ all: [Found]) async throws(RollOutError) {
        let addOns = all.filter { ApplyStage(of: $0.object) == .addOns }
        try await keepSecrets(of: addOns.filter(isWrong).map(\.object))
        for found in addOns {
            guard let live = found.live, let name = found.object.at("metadata", "name")?.string else { continue }
            if secrets[name] == nil { secrets[name] = RedisObjects.secret(readBy: live) }
        }
        let live = all.compactMap(\.live).filter { $0["kind"] == "Deployment" }
            .map { ($0.at("metadata", "name")?.string ?? "", $0) }
        bindings = try await BindingFinder(keeper: keeper).bindings(
            of: self.addOns, objects.applings, live: Dictionary(live) { first, _ in first }, known: secrets)
    }

    /// Only in a namespace that was made just now: pods that run have the values that they began with, and another
    /// password would lock them out.
    private mutating func keepAddOns(_ objects: [JSON]) async throws(RollOutError) {
        guard isNamespaceMissing else { return }
        var all = SecretBindings()
        do throws(AddOnKeeper.Failure) {
            for kept in try await keeper.keep(addOns) { all[kept.place.addOn.name] = kept.identity }
        } catch { throw error.error }
        try await keepSecrets(of: objects.stage(.addOns))
        for (name, identity) in secrets.identities { all[name] = identity }
        for name in objects.applings.compactMap({ $0.at("metadata", "name")?.string }) { bindings[name] = all }
    }

    private mutating func keepSecrets(of addOns: [JSON]) async throws(RollOutError) {
        guard !addOns.isEmpty else { return }
        secrets = SecretBindings(
            try await SecretKeeper(client: client, patience: patience, passwords: passwords).keep(for: addOns))
    }

    private func bound(_ object: JSON) -> JSON {
        let name = object.at("metadata", "name")?.string ?? ""
        switch ApplyStage(of: object) {
        case .addOns: return secrets[name].map { RedisObjects.bound(object, toSecret: $0) } ?? object
        case .workloads: return bindings[name]?.bound(object) ?? object
        default: return object
        }
    }

    /// Whether its pods began with values that a Secret does not hold any more.
    private func isOutdated(_ object: JSON, _ live: JSON) -> Bool {
        let before = SecretBindings(of: live)
        return before.identities.contains { name, identity in
            SecretBindings(of: bound(object))[name].map { $0 != identity } ?? false
        }
    }
}
