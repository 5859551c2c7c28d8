import Deploys

/// How environments are called in messages: production stands out, the others are calm.
enum EnvironmentWords {
    static func name(_ environment: EnvironmentName) -> String {
        environment == .prod ? "PROD" : environment.rawValue
    }

    /// A square for the place; circles tell how something is.
    static func badge(_ environment: EnvironmentName) -> String {
        environment == .prod ? "🟧 PROD" : environment.rawValue
    }
}
