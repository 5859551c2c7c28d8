import Deploys
import JSON

/// Makes the Secrets with passwords that add-ons need, once: they are never changed, removed, or written down
/// anywhere else.
struct SecretKeeper: Sendable {
    let client: KubernetesClient
    /// As many random bytes as asked for.
    let random: @Sendable (_ count: Int) -> [UInt8]

    /// Safe to repeat, and for two deploys at once: who comes second finds the first one's Secret.
    /// - Returns: the Secrets' UIDs by name.
    func keep(_ release: Release) async throws(RollOutError) -> [String: String] {
        let scope = ObjectScope(release: release)
        var uids: [String: String] = [:]
        for addOn in release.addOns where addOn.kind == .redis {
            let secret = try await secret(of: addOn, scope)
            let missing = RedisSecret.keys(of: addOn).filter { secret["data"]?[$0] == nil }
            guard missing.isEmpty else {
                throw .rejected(
                    "The Secret \(addOn.name) in the namespace \(release.namespace) lacks "
                        + "\(missing.joined(separator: ", ")); delete it, so that it is made anew.")
            }
            uids[addOn.name] = secret.at("metadata", "uid")?.string
        }
        return uids
    }

    private func secret(of addOn: AddOn, _ scope: ObjectScope) async throws(RollOutError) -> JSON {
        let namespace = scope.release.namespace
        let made = RedisSecret.json(addOn, scope: scope, random: random(RedisSecret.passwordBytes))
        do throws(KubernetesError) {
            if let found = try await client.find(.secrets, namespace: namespace, name: addOn.name) {
                return found
            }
            do throws(KubernetesError) {
                return try await client.create(made)
            } catch .conflict {
                return try await client.get(.secrets, namespace: namespace, name: addOn.name)
            }
        } catch {
            throw ObjectApplier.error(error, applying: made)
        }
    }
}
