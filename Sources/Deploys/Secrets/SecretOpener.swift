import AppFile

/// Opens values that were encrypted for this service.
package protocol SecretOpener: Sendable {
    /// - Parameters:
    ///   - text: as it stands in `iterapp.toml`.
    ///   - uses: the scopes that may be used here; a value of another one is not opened.
    /// - Throws: why it can't be opened; nothing of the value is in there.
    func open(_ text: String, of app: AppID, for uses: Set<SealedValue.Scope>) throws(OpeningError) -> String
}

/// Why an encrypted value can't be opened.
package enum OpeningError: Error, Sendable, Equatable {
    /// It is no encrypted value, or a part of it is missing or changed.
    case unreadable(SealedValueError)
    /// This service has no key of that id (hexadecimal): it was taken away, or the value is another installation's.
    case unknownKey(id: String)
    case otherApp(String)
    case otherUse(SealedValue.Scope)
    /// The key is ours, and the value was changed all the same, or not encrypted with it.
    case tampered
    /// What was encrypted is no UTF-8 text.
    case notText
}

extension EnvironmentName {
    /// Which encrypted values its variables may hold.
    package var sealedUses: Set<SealedValue.Scope> { self == .prod ? [.common, .prod] : [.common] }
}
