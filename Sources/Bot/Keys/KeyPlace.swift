import Foundation

/// Where an installation's keys are, in the words of `ITERAPP_KEYS`.
package enum KeyPlace: Sendable, Equatable, CustomStringConvertible {
    case file(String)
    /// A Secret of the cluster.
    case secret(namespace: String, name: String)

    static let prefix = "secret:"

    /// Nil for what looks like a Secret and names none.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else {
            self = .file(text)
            return
        }
        let parts = text.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ SettingsReader.isObjectName(String($0)) }) else { return nil }
        self = .secret(namespace: String(parts[0]), name: String(parts[1]))
    }

    package var description: String {
        switch self {
        case .file(let path): path
        case .secret(let namespace, let name): "the Secret \(namespace)/\(name)"
        }
    }
}
