import Deploys
import JSON

/// Applies objects side by side, a bounded number at once, and settles what other managers have set in them.
struct ObjectApplier: Sendable {
    let client: KubernetesClient
    let limits: RollOutLimits
    let patience: Patience

    /// An object as it is sent.
    struct Item: Sendable {
        var object: JSON
        /// Fields of others are taken over; they were told.
        var isForced = false

        init(_ object: JSON) { self.object = object }
    }

    struct Applied: Sendable {
        /// As they were sent at last, in the order in which they were given.
        var items: [Item] = []
        /// What the server made of them, in the same order.
        var answers: [JSON] = []
        /// Sentences about fields that others had set.
        var remarks: [String] = []
    }

    /// Times that one object is sent: to go on after a conflict, or after somebody else's change in between.
    private static let maxTries = 4

    /// Asks whether objects would be taken, and settles who decides on what in them.
    func check(_ items: [Item]) async throws(Refusals) -> Applied {
        let autoscaling = Autoscaling(client: client, patience: patience)
        let (items, remarks) = try await autoscaling.leavingReplicas(items)
        var applied = try await apply(items, dryRun: true)
        applied.remarks = remarks + applied.remarks
        return applied
    }

    /// Without a dry run, leaves to autoscalers what no conflict would tell of.
    func leavingReplicas(_ items: [Item]) async throws(Refusals) -> [Item] {
        try await Autoscaling(client: client, patience: patience).leavingReplicas(items).0
    }

    /// Applies objects that do not need each other.
    /// - Parameter dryRun: only asks whether they would be taken.
    /// - Throws: everything that was refused; the others were applied.
    func apply(_ items: [Item], dryRun: Bool = false) async throws(Refusals) -> Applied {
        let results = await inParallel(items, atMost: limits.maxParallelRequests) { item in
            await applyOne(item, dryRun: dryRun)
        }
        var applied = Applied()
        var refusals: [Refusals.Refusal] = []
        for (item, result) in zip(items, results) {
            switch result {
            case .success(let one):
                applied.items.append(one.item)
                applied.answers.append(one.answer)
                for remark in one.remarks where !applied.remarks.contains(remark) { applied.remarks.append(remark) }
            case .failure(let error): refusals.append(.init(object: item.object, error: error))
            }
        }
        guard refusals.isEmpty else { throw Refusals(refusals, beside: applied.answers) }
        return applied
    }

    private struct One: Sendable {
        var item: Item
        var answer: JSON = .null
        var remarks: [String] = []
    }

    private func applyOne(_ item: Item, dryRun: Bool) async -> Result<One, KubernetesError> {
        var one = One(item: item)
        var tries = 1
        while true {
            do throws(KubernetesError) {
                let sent = one.item
                one.answer = try await patience.ask { () throws(KubernetesError) in
                    try await client.apply(sent.object, dryRun: dryRun, force: sent.isForced)
                }
                return .success(one)
            } catch {
                guard tries < Self.maxTries else { return .failure(error) }
                tries += 1
                switch error {
                case .fieldConflicts(let conflicts):
                    if let error = await settle(conflicts, &one) { return .failure(error) }
                case .conflict:
                    // Somebody changed it at the same moment; our fields are ours all the same.
                    let pause = client.retry.pause(afterFailures: tries, random: client.timing.random())
                    guard (try? await client.timing.sleep(pause)) != nil else { return .failure(.cancelled) }
                default: return .failure(error)
                }
            }
        }
    }

    /// Leaves `replicas` to an autoscaler, and takes over everything else.
    private func settle(_ conflicts: [FieldConflict], _ one: inout One) async -> KubernetesError? {
        let words = FieldWords(one.item.object)
        var taken: [String: [FieldPath]] = [:]
        for conflict in conflicts {
            let path = FieldPath(conflict: conflict.field)
            do throws(KubernetesError) {
                let autoscaling = Autoscaling(client: client, patience: patience)
                if try await autoscaling.owns(conflict, of: one.item.object) {
                    one.item.object["spec"]?["replicas"] = nil
                    one.remarks.append("\(words.subject([path]).text) was set by \(conflict.manager); left alone.")
                } else {
                    taken[conflict.manager, default: []].append(path)
                }
            } catch {
                return error
            }
        }
        for (manager, paths) in taken.sorted(by: { $0.key < $1.key }) {
            one.item.isForced = true
            let subject = words.subject(paths)
            one.remarks.append(
                "\(subject.text.capitalizedFirst) \(subject.isPlural ? "were" : "was") set by \(manager); taken over.")
        }
        return nil
    }
}
