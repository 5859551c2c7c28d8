import Kubernetes

extension Settings {
    /// Who may do what in the namespaces of apps.
    package struct Access: Sendable, Equatable {
        /// The file's, which is read again now and then.
        package var path: String
        package var grants: AccessGrants
    }
}

extension SettingsReader {
    /// Nil without a file: then access is nobody's business but the cluster's.
    mutating func access() -> Settings.Access? {
        guard let path = text("ITERAPP_ACCESS_FILE") else { return nil }
        let file = AccessFile.read(path)
        problems += file.problems.map { "ITERAPP_ACCESS_FILE: \($0)" }
        return Settings.Access(path: path, grants: file.grants ?? AccessGrants())
    }
}
