import Secrets

extension Settings {
    /// What opens encrypted values.
    package struct Keys: Sendable {
        package var place: KeyPlace
        /// As it was at the start; nil where it is read later.
        package var keyring: Keyring?
    }
}

extension SettingsReader {
    /// Nil without keys: then no value can be encrypted for this installation.
    mutating func keys() -> Settings.Keys? {
        guard let place = keyPlace() else { return nil }
        guard case .file(let path) = place else { return Settings.Keys(place: place) }
        do throws(KeyFileError) {
            return Settings.Keys(place: place, keyring: try KeyFile(path).read())
        } catch {
            problems.append("ITERAPP_KEYS: \(error.sentence)")
            return nil
        }
    }

    mutating func keyPlace() -> KeyPlace? {
        guard let text = text("ITERAPP_KEYS") else { return nil }
        if let place = KeyPlace(text) { return place }
        problems.append(
            "ITERAPP_KEYS must be a file's path, or secret:NAMESPACE/NAME for a Secret of the cluster, not \(text).")
        return nil
    }
}
