/// What a text must look like.
enum Format: Sendable, CaseIterable {
    case plain
    case command
    case folder
    case defaultEnvironment
    case urlPath
    case mountPath
    case host
    case cpu
    case memory
    case bodySize
    case secretName
    case secretKey
    case encrypted
    case schedule
    case httpMethod
    case headerValue
    case cloudSQL
    case postgresExtension

    enum Verdict: Equatable {
        case right
        /// Possible, but hardly meant: why, as a sentence without its end.
        case doubtful(String)
        /// With what to do about it, if more can be said than what is expected.
        case wrong(String?)
    }

    /// What must stand there, to follow "must be".
    var expectation: String {
        switch self {
        case .plain: "a text in quotes"
        case .command: "a command such as \"\(example)\""
        case .folder: "the name of a folder such as \"\(example)\""
        case .defaultEnvironment: "the name of an environment such as \"test\", or \"none\""
        case .urlPath, .mountPath: "a path such as \"\(example)\""
        case .host: "a host name such as \"\(example)\""
        case .cpu: "an amount of processors such as \"25m\" or \"0.5\""
        case .memory: "an amount of memory such as \"100Mi\" or \"1Gi\""
        case .bodySize: "a size such as \"\(example)\""
        case .secretName: "the name of a Kubernetes Secret such as \"\(example)\""
        case .secretKey: "a key of a Kubernetes Secret such as \"\(example)\""
        case .encrypted: "the text that `iterapp encrypt` printed"
        case .schedule: "a schedule of five fields such as \"\(example)\""
        case .httpMethod: "an HTTP method such as \"POST\""
        case .headerValue: "a text in quotes"
        case .cloudSQL: "a connection name such as \"\(example)\""
        case .postgresExtension: "the name of an extension such as \"\(example)\""
        }
    }

    var example: String {
        switch self {
        case .plain, .headerValue, .encrypted: "…"
        case .command: "bin/migrate"
        case .folder: "frontend"
        case .defaultEnvironment: "test"
        case .urlPath: "/health"
        case .mountPath: "/app/secrets/"
        case .host: "cats.cool"
        case .cpu: "25m"
        case .memory: "100Mi"
        case .bodySize: "8m"
        case .secretName: "db-keys"
        case .secretKey: "password"
        case .schedule: "0 * * * *"
        case .httpMethod: "GET"
        case .cloudSQL: "project:europe-west1:instance"
        case .postgresExtension: "uuid-ossp"
        }
    }

    /// Whether such texts may be secrets, which no sentence may repeat.
    var isConfidential: Bool { self == .headerValue || self == .encrypted }
}
