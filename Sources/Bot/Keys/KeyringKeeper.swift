import Deploys
import Secrets

/// Holds the opener to the installation's keys: read at the start, when somebody asks for it, and every now and then,
/// so that a rotation needs no restart.
actor KeyringKeeper {
    static let readInterval = Duration.seconds(15)
    /// Between looks for keys that nobody could be asked for yet.
    static let outagePause = Duration.seconds(2)

    private let store: KeyStore
    private let opener: KeyringOpener
    private let wake: Signal
    private let log: Log
    /// Said once, not at each look.
    private var trouble: String?
    private var isSettled = false

    /// - Parameter wake: fired when the keys shall be read again at once.
    init(_ store: KeyStore, opener: KeyringOpener, wake: Signal, log: Log) {
        self.store = store
        self.opener = opener
        self.wake = wake
        self.log = log
    }

    /// Returns when the keys have been read, or are known not to be there: until then, nobody shall be told that a key
    /// is missing.
    func prepare() async {
        while !isSettled, !Task.isCancelled {
            await read()
            if !isSettled { try? await Task.sleep(for: Self.outagePause) }
        }
    }

    /// Works until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await read()
            await wake.wait(atMost: Self.readInterval)
        }
    }

    /// What can't be read changes nothing: the keys that are known go on to open values.
    private func read() async {
        do throws(KeyStoreError) {
            let keyring = try await store.read()
            if trouble != nil { log.info("the keys can be read again") }
            trouble = nil
            if keyring.keys.map(\.id) != opener.keyring.keys.map(\.id) { take(keyring) }
            isSettled = true
        } catch {
            isSettled = isSettled || !error.isOutage
            guard error.sentence != trouble, !Task.isCancelled else { return }
            trouble = error.sentence
            log.error("encrypted values are opened with the keys known before, if any: \(error.sentence)")
        }
    }

    private func take(_ keyring: Keyring) {
        let ids = Set(keyring.keys.map(\.id))
        let gone = opener.keyring.keys.map(\.id).filter { !ids.contains($0) }
        opener.keyring = keyring
        let newest = keyring.newest.map { "; values are encrypted for \($0.id)" } ?? ""
        log.info("\(keyring.keys.count == 1 ? "a key" : "\(keyring.keys.count) keys") read\(newest)")
        guard !gone.isEmpty else { return }
        let names = gone.map { "\($0)" }.joined(separator: ", ")
        log.warning(
            "keys that were there before are gone: \(names); what is encrypted for them can't be deployed any more, "
                + "unless they are put back from a backup")
    }
}
