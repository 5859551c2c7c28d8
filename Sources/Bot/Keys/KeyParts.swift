import Deploys
import Kubernetes
import Secrets
import Web

/// The installation's keys in the service, wired.
struct KeyParts: Sendable {
    let opener: KeyringOpener
    let keeper: KeyringKeeper

    /// Nil when there are no keys.
    /// - Parameter reload: fired when files shall be read again.
    init?(_ basics: Basics, reload: Signal) {
        guard let keys = basics.settings.keys else { return nil }
        opener = KeyringOpener(keys.keyring ?? .empty, mask: basics.mask)
        let client = KubernetesClient(basics.settings.cluster.connection, http: basics.http)
        keeper = KeyringKeeper(
            KeyStore(keys.place, client: client), opener: opener, wake: reload, log: basics.log)
    }

    /// What people's browsers encrypt for; nil while there is no key.
    var pageKey: EncryptPage.Key? {
        opener.keyring.newest.map { key in
            EncryptPage.Key(
                id: key.id.bytes, point: key.publicKey.bytes, pem: key.publicKey.pem,
                maxValueBytes: Sealer.maxValueBytes)
        }
    }
}
