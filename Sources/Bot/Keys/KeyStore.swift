import Dispatch
import Foundation
import Kubernetes
import Secrets

/// Why keys can't be had, as a sentence that says where.
struct KeyStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    let sentence: String
    /// Whether nobody answered who could say more.
    let isOutage: Bool
    var description: String { sentence }

    init(_ sentence: String, isOutage: Bool = false) {
        self.sentence = sentence
        self.isOutage = isOutage
    }
}

/// An installation's keys, where they are kept.
struct KeyStore: Sendable {
    private let place: KeyPlace
    /// Nil where no cluster is needed.
    private let client: KubernetesClient?

    init(_ place: KeyPlace, client: KubernetesClient?) {
        self.place = place
        self.client = client
    }

    func read() async throws(KeyStoreError) -> Keyring {
        switch place {
        case .file(let path): try await onThread { KeyFile(path).result { $0.read } }
        case .secret(let namespace, let name): try await secret(namespace, name).read()
        }
    }

    /// Puts a new key in front of the others.
    func rotate() async throws(KeyStoreError) -> Keyring {
        switch place {
        case .file(let path): try await onThread { KeyFile(path).result { $0.rotate } }
        case .secret(let namespace, let name): try await secret(namespace, name).rotate()
        }
    }

    private func secret(_ namespace: String, _ name: String) throws(KeyStoreError) -> KeySecret {
        guard let client else { throw KeyStoreError("No cluster is known in which \(place) could be.") }
        return KeySecret(client, namespace: namespace, name: name)
    }

    /// On a thread of Dispatch's: file systems can hang.
    private func onThread(
        _ work: @escaping @Sendable () -> Result<Keyring, KeyFileError>
    ) async throws(KeyStoreError) -> Keyring {
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
        do { return try result.get() } catch { throw KeyStoreError(error.sentence) }
    }
}

extension KeyFile {
    fileprivate func result(
        _ call: (KeyFile) -> () throws(KeyFileError) -> Keyring
    ) -> Result<Keyring, KeyFileError> {
        do throws(KeyFileError) { return .success(try call(self)()) } catch { return .failure(error) }
    }
}
