import AppFile
import Crypto
import Deploys
import Synchronization

/// Opens values with the keys of this installation, and tells the mask what must be read nowhere from then on.
package final class KeyringOpener: SecretOpener {
    private let current: Mutex<Keyring>
    private let mask: SecretMask

    package init(_ keyring: Keyring, mask: SecretMask) {
        current = Mutex(keyring)
        self.mask = mask
    }

    /// As it counts now; it can be exchanged while values are opened.
    package var keyring: Keyring {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    package func open(
        _ text: String, of app: AppID, for uses: Set<SealedValue.Scope>
    ) throws(OpeningError) -> String {
        let value: SealedValue
        do { value = try SealedValue(text) } catch { throw .unreadable(error) }
        guard value.app == app.key else { throw .otherApp(value.app) }
        guard uses.contains(value.scope) else { throw .otherUse(value.scope) }
        let id = KeyID(value.keyID)
        guard let key = keyring[id] else { throw .unknownKey(id: id.description) }
        let plain: [UInt8]
        do {
            plain = try HPKE.open(
                HPKE.Sealed(encapsulatedKey: value.encapsulatedKey, ciphertext: value.ciphertext), with: key,
                info: SealedPurpose.info(value.scope, id, app: value.app))
        } catch { throw .tampered }
        guard let secret = String(validating: plain, as: UTF8.self), !plain.contains(0) else { throw .notText }
        mask.learn([secret], of: app)
        return secret
    }
}
