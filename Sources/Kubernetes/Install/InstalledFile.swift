import JSON

/// A file of the operators' that the bot reads: a ConfigMap in the cluster, which can be changed without a restart.
struct InstalledFile {
    let name: String
    /// The setting that says where it is.
    let variable: String
    let text: String

    var configMap: String { "\(InstallScope.name)-\(name)" }
    var mount: String { "/etc/iterapp/\(name)" }
    var path: String { "\(mount)/\(fileName)" }
    private var fileName: String { "\(name).toml" }

    func object(_ scope: InstallScope) -> JSON {
        [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": scope.metadata(configMap),
            "data": [fileName: .string(text)],
        ]
    }
}

extension InstallOptions {
    var files: [InstalledFile] {
        [
            accessFile.map { InstalledFile(name: "access", variable: "ITERAPP_ACCESS_FILE", text: $0) },
            policyFile.map { InstalledFile(name: "policy", variable: "ITERAPP_POLICY_FILE", text: $0) },
        ].compactMap(\.self)
    }
}
