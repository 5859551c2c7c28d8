/// What this service is connected to besides the cluster, and so can give to apps.
package struct Connections: Sendable {
    /// Whether there is a database server for an environment.
    package var hasDatabases: @Sendable (EnvironmentName) -> Bool = { _ in false }
    package var hasNATS = false
    /// Nil without a key for encrypted values.
    package var opener: (any SecretOpener)?
    package init() {}
}
