/// The files of a Kubernetes Secret that people made, in a folder of a container.
package struct MountedSecret: Sendable, Equatable {
    /// An absolute path, without a slash at its end.
    package var path: String
    /// The Secret's name.
    package var secret: String

    package init(path: String, secret: String) {
        self.path = path
        self.secret = secret
    }
}

/// The `[[files.…]]` tables: for all environments and for single ones.
package struct MountedFiles: Sendable, Equatable {
    package var common: [MountedSecret]
    package var byEnvironment: [String: [MountedSecret]]

    /// Most `[[files.…]]` tables of one name.
    static let maxMounts = 50

    package init(common: [MountedSecret] = [], byEnvironment: [String: [MountedSecret]] = [:]) {
        self.common = common
        self.byEnvironment = byEnvironment
    }

    /// What holds in one environment, ordered by path; what an environment mounts at a path replaces what
    /// all environments have there.
    package func merged(for environment: String) -> [MountedSecret] {
        let own = byEnvironment[environment] ?? []
        let paths = Set(own.map(\.path))
        return (common.filter { !paths.contains($0.path) } + own)
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
}
