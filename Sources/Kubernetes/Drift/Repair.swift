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
        let found = try await wrong(Dictionary(placed.map { (ObjectID($0), $0) }) { _, last in last })
        var items = found.map { ObjectApplier.Item($0.object) }
        if !isNamespaceMissing { items = try await bound(items) }
        items = try await tell(found, items)
        for stage in ApplyStage.allCases {
            try await apply(items.filter { ApplyStage(of: $0.object) == stage })
            if stage == .namespace { try await keepAddOns() }
        }
        try await settle(placed)
        return sentences
    }

    // MARK: Finding

    private enum State: Sendable {
        case right
        case missing
        case different(live: JSON)
    }

    private struct Found: Sendable {
        let object: JSON
        let state: State
        let placed: PlacedObject?
    }

    /// Everything that is not as it was left.
    private mutating func wrong(_ placed: [ObjectID: PlacedObject]) async throws(RollOutError) -> [Found] {
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
        return all.filter { if case .right = $0.state { false } else { true } }
    }

    private func look(_ object: JSON, _ placed: PlacedObject?) async throws(RollOutError) -> Found {
        guard let live = try await live(object) else { return Found(object: object, state: .missing, placed: placed) }
        // Nothing can take its place until it is gone, and then the watch tells.
        let isRight =
            live.isBeingDeleted
            || placed.map { $0.fingerprint == Ownership.fingerprint(of: live) && ledger.isAsPlanned($0) } == true
        return Found(object: object, state: isRight ? .right : .different(live: live), placed: placed)
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

    /// Add-ons belong to their Secrets; one that is gone is made anew.
    private func bound(_ items: [ObjectApplier.Item]) async throws(RollOutError) -> [ObjectApplier.Item] {
        let addOns = items.map(\.object).stage(.addOns)
        guard !addOns.isEmpty else { return items }
        let secrets = try await SecretKeeper(client: client, patience: patience, passwords: passwords).keep(for: addOns)
        return items.map { item in
            guard ApplyStage(of: item.object) == .addOns,
                let secret = secrets[item.object.at("metadata", "name")?.string ?? ""]
            else { return item }
            var item = item
            item.object = RedisObjects.bound(item.object, toSecret: secret)
            return item
        }
    }

    /// Compares each object with what our apply would make of it.
    /// - Returns: the items as they are to be applied.
    private mutating func tell(
        _ found: [Found], _ items: [ObjectApplier.Item]
    ) async throws(RollOutError) -> [ObjectApplier.Item] {
        var result: [ObjectApplier.Item] = []
        for (found, item) in zip(found, items) {
            switch found.state {
            case .right: continue
            case .missing:
                result.append(item)
                if found.placed != nil, item.object["kind"] != "Namespace" {
                    sentences.append(DriftWords.deleted(found.object))
                }
            case .different(let live):
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

    /// Only in a namespace that was made just now: pods that run have the values that they began with, and another
    /// password would lock them out.
    private func keepAddOns() async throws(RollOutError) {
        guard isNamespaceMissing else { return }
        _ = try await AddOnKeeper(client: client, patience: patience, servers: servers).keep(addOns)
    }

    private func apply(_ items: [ObjectApplier.Item]) async throws(RollOutError) {
        var items = items
        // In a namespace that was made just now, nothing could be asked for before.
        if isNamespaceMissing { items = try await bound(items) }
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
