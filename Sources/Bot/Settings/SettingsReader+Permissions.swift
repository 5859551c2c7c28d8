import AppFile
import Deploys

extension Settings {
    /// Who may do what in the chat.
    package struct Permissions: Sendable, Equatable {
        /// The file's, which is read again now and then.
        package var path: String
        package var policy: Policy
        package var warnings: [Problem]
        package var defaultOrganisation: String
    }
}

extension SettingsReader {
    /// Nil without a file: then everybody may do everything.
    mutating func permissions() -> Settings.Permissions? {
        guard let path = text("ITERAPP_POLICY_FILE") else { return nil }
        let organisation = text("ITERAPP_DEFAULT_ORG") ?? Self.usualOrganisation
        let file = PolicyFile.read(path, defaultOrganisation: organisation)
        problems += file.errors.map { "ITERAPP_POLICY_FILE: \($0)" }
        return Settings.Permissions(
            path: path, policy: file.policy ?? Policy(), warnings: file.warnings, defaultOrganisation: organisation)
    }
}
