/// Where the value of an environment variable comes from.
package enum EnvValue: Sendable, Equatable {
    case plain(String)
    /// A key of a Kubernetes Secret that already exists in the app's namespace.
    case secret(name: String, key: String)
    /// The text that `iterapp encrypt` printed.
    case encrypted(String)
}

/// One environment variable of a container.
package struct Variable: Sendable, Equatable {
    package var name: String
    package var value: EnvValue

    package init(name: String, value: EnvValue) {
        self.name = name
        self.value = value
    }
}

/// The `[env.…]` tables: variables by name, for all environments and for single ones.
package struct Variables: Sendable, Equatable {
    package var common: [String: EnvValue]
    package var byEnvironment: [String: [String: EnvValue]]

    package init(
        common: [String: EnvValue] = [:], byEnvironment: [String: [String: EnvValue]] = [:]
    ) {
        self.common = common
        self.byEnvironment = byEnvironment
    }

    /// What holds in one environment, ordered by name so that equal input gives equal output.
    package func merged(for environment: String) -> [Variable] {
        common
            .merging(byEnvironment[environment] ?? [:]) { _, own in own }
            .map { Variable(name: $0.key, value: $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
