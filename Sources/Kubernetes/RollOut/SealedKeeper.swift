import Deploys
import Foundation
import JSON

/// Opens the encrypted values of a plan that was in place before.
///
/// A value that can't be opened any more, because its key was taken away, may still be in the cluster, in the Secret
/// into which we had put it: that Secret is then the one that the plan means, and stays.
struct SealedKeeper {
    let client: KubernetesClient
    let patience: Patience
    let ledger: ObjectLedger
    let opener: (any SecretOpener)?
    /// Told of the values that were found in the cluster.
    let learn: @Sendable ([String], AppID) -> Void

    /// - Parameter objects: as the plan has them.
    /// - Throws: when a value can neither be opened nor found.
    func opened(_ objects: [JSON]) async throws(RollOutError) -> [JSON] {
        var opened: [JSON] = []
        for object in objects {
            do throws(RollOutError) { opened.append(try SealedVariables.opened(object, by: opener)) } catch {
                guard let kept = try await kept(object) else { throw error }
                opened.append(kept)
            }
        }
        return opened
    }

    /// The Secret with the values that the cluster has, when it is certain that they are those that we had put there:
    /// its name follows from the encrypted texts, it is the very object that we made, and nobody has set anything in
    /// it since.
    private func kept(_ secret: JSON) async throws(RollOutError) -> JSON? {
        guard SealedVariables.isNamedAfterContent(secret),
            let placed = try await ledger.placed().first(where: { ObjectID($0) == ObjectID(secret) })
        else { return nil }
        let live: JSON?
        do throws(KubernetesError) {
            live = try await patience.ask { () throws(KubernetesError) in
                try await client.find(.secrets, namespace: placed.namespace, name: placed.name)
            }
        } catch {
            throw Refusals(error, secret).rollOutError(isBegun: false)
        }
        guard let live, !live.isBeingDeleted, placed.fingerprint == Ownership.fingerprint(of: live),
            live.at("metadata", "labels", ObjectScope.managedBy.key)?.string == ObjectScope.managedBy.value,
            let kept = SealedVariables.filled(secret, from: live)
        else { return nil }
        learn(kept.values, kept.app)
        return kept.secret
    }
}
