import Crypto
import Deploys
import Foundation
import JSON

/// Where passwords come from, and who has to know them so that nobody reads them.
package struct Passwords: Sendable {
    /// As many random bytes as asked for, fit for passwords.
    package var random: @Sendable (_ count: Int) -> [UInt8] = { randomBytes($0) }
    /// Told of each password that is in use.
    package var learn: @Sendable ([String]) -> Void = { _ in }
    /// Told of values that one app has encrypted.
    package var learnOf: @Sendable ([String], AppID) -> Void = { _, _ in }
    package init() {}
}

/// Makes the Secrets with passwords that add-ons need, once: they are never changed, removed, or written down
/// anywhere else.
struct SecretKeeper: Sendable {
    let client: KubernetesClient
    let patience: Patience
    let passwords: Passwords

    /// Safe to repeat, and for two deploys at once: who comes second finds the first one's Secret.
    /// - Parameter addOns: the Deployments of a plan's add-ons.
    /// - Returns: the Secrets' UIDs by name.
    func keep(for addOns: [JSON]) async throws(RollOutError) -> [String: String] {
        var uids: [String: String] = [:]
        for addOn in addOns where RedisSecret.isNeeded(by: addOn) {
            let name = addOn.at("metadata", "name")?.string ?? ""
            let namespace = addOn.at("metadata", "namespace")?.string ?? ""
            let secret = try await secret(of: addOn, name, namespace)
            let missing = RedisSecret.keys.filter { secret["data"]?[$0] == nil }
            guard missing.isEmpty else {
                throw .refusedMidway(
                    "The Secret \(name) in the namespace \(namespace) lacks "
                        + "\(missing.joined(separator: ", ")); delete it, so that it is made anew.")
            }
            uids[name] = secret.at("metadata", "uid")?.string
            let password = secret.at("data", RedisSecret.passwordKey)?.string.flatMap { Data(base64Encoded: $0) }
            passwords.learn([String(decoding: password ?? Data(), as: UTF8.self)])
        }
        return uids
    }

    private func secret(of addOn: JSON, _ name: String, _ namespace: String) async throws(RollOutError) -> JSON {
        let made = RedisSecret.json(for: addOn, random: passwords.random(RedisSecret.passwordBytes))
        do throws(KubernetesError) {
            return try await patience.ask { () throws(KubernetesError) in
                if let found = try await client.find(.secrets, namespace: namespace, name: name) { return found }
                do throws(KubernetesError) {
                    return try await client.create(made)
                } catch .conflict {
                    return try await client.get(.secrets, namespace: namespace, name: name)
                }
            }
        } catch {
            throw Refusals(error, made).rollOutError(isBegun: true)
        }
    }
}
