import Foundation
import JSON
import Kubernetes
import Secrets

/// A keyring in a Secret of the cluster.
struct KeySecret: Sendable {
    /// The key of the Secret under which the keyring is.
    static let entry = "keys.pem"
    /// Somebody else may change it at the same time.
    private static let maxTries = 5

    private let client: KubernetesClient
    private let namespace: String
    private let name: String

    init(_ client: KubernetesClient, namespace: String, name: String) {
        self.client = client
        self.namespace = namespace
        self.name = name
    }

    func read() async throws(KeyStoreError) -> Keyring {
        guard let secret = try await find() else {
            throw KeyStoreError("\(title) is not there; `iterapp keys rotate` makes it, with the first key.")
        }
        return try keyring(secret)
    }

    func rotate() async throws(KeyStoreError) -> Keyring {
        for _ in 0..<Self.maxTries {
            let old = try await find()
            let keyring: Keyring
            do { keyring = try (try old.map(self.keyring) ?? .empty).rotated() } catch let error as KeyringError {
                throw KeyStoreError("\(title) can't have another key: \(error.sentence).")
            } catch let error as KeyStoreError { throw error } catch { throw KeyStoreError("\(error)") }
            if try await put(keyring, old) { return keyring }
        }
        throw KeyStoreError("\(title) was changed by somebody else again and again; try it once more.")
    }

    private var title: String { KeyPlace.secret(namespace: namespace, name: name).description.capitalizedFirst }

    private func find() async throws(KeyStoreError) -> JSON? {
        do throws(KubernetesError) {
            return try await client.find(.secrets, namespace: namespace, name: name)
        } catch { throw failure("read", error) }
    }

    private func keyring(_ secret: JSON) throws(KeyStoreError) -> Keyring {
        guard let text = secret.at("data", Self.entry)?.string, let data = Data(base64Encoded: text) else {
            throw KeyStoreError("\(title) has no entry \(Self.entry).")
        }
        do { return try Keyring(text: String(decoding: data, as: UTF8.self)) } catch {
            throw KeyStoreError("\(title) has no keyring in \(Self.entry): \(error.sentence).")
        }
    }

    /// False when somebody else was quicker.
    private func put(_ keyring: Keyring, _ old: JSON?) async throws(KeyStoreError) -> Bool {
        let value = JSON.string(Data(keyring.text.utf8).base64EncodedString())
        do throws(KubernetesError) {
            if var secret = old {
                var data = secret["data"] ?? [:]
                data[Self.entry] = value
                secret["data"] = data
                _ = try await client.replace(secret, as: .secrets)
            } else {
                _ = try await client.create(
                    [
                        "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                        "metadata": ["name": .string(name), "namespace": .string(namespace)],
                        "data": [Self.entry: value],
                    ], as: .secrets)
            }
            return true
        } catch {
            if case .conflict = error { return false }
            throw failure("written", error)
        }
    }

    private func failure(_ verb: String, _ error: KubernetesError) -> KeyStoreError {
        KeyStoreError("\(title) can't be \(verb): \(error.sentence)", isOutage: error.isTransient)
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
