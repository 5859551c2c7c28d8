import AppFile

/// Something outside of the cluster that settings ask for and that the service is not connected to. `check` and
/// `render` know all of it; whoever connects the service takes the case away here.
enum MissingConnection: Equatable {
    case databaseServer
    case natsServer
    /// To open the values of these environment variables; ordered by name.
    case environmentKey(variables: [String])
    /// To open what these build secrets hold; ordered by id.
    case buildKey(ids: [String])

    /// What the settings are about to be used for.
    enum Purpose {
        case build
        case deploy(to: EnvironmentName)
    }

    /// - Throws: all that is missing, so that it is asked for at once.
    static func refuse(_ purpose: Purpose, of file: AppFile) throws(Failure) {
        let missing = missing(for: purpose, file)
        guard let first = missing.first else { return }
        let whom = missing.count == 1 ? "it" : "them"
        throw Failure(
            .settings, first.sentence, advice: "Ask the operator of Iterapp for \(whom), or take \(whom) out.",
            evidence: missing.count == 1 ? [] : missing.map(\.sentence))
    }

    static func missing(for purpose: Purpose, _ file: AppFile) -> [MissingConnection] {
        switch purpose {
        case .build:
            let ids = Set(file.applings.flatMap(\.buildSecrets).map(\.id)).sorted()
            return ids.isEmpty ? [] : [.buildKey(ids: ids)]
        case .deploy(let environment):
            var missing: [MissingConnection] = []
            if file.applings.contains(where: { $0.postgres != nil }) { missing.append(.databaseServer) }
            if file.applings.contains(where: { $0.nats != nil }) { missing.append(.natsServer) }
            let sealed = file.applings.flatMap { $0.environment(for: environment.rawValue) }.filter { variable in
                if case .encrypted = variable.value { true } else { false }
            }
            if !sealed.isEmpty { missing.append(.environmentKey(variables: Set(sealed.map(\.name)).sorted())) }
            return missing
        }
    }

    var sentence: String {
        switch self {
        case .databaseServer:
            "`[postgres]` needs a database server, and this service is not connected to one."
        case .natsServer:
            "`[nats]` needs a NATS server, and this service is not connected to one."
        case .environmentKey(let names):
            "\(Self.list(names)) \(names.count == 1 ? "is" : "are") encrypted, and this service has no key to open "
                + "encrypted values."
        case .buildKey(let ids):
            "The build \(ids.count == 1 ? "secret" : "secrets") \(Self.list(ids)) \(ids.count == 1 ? "is" : "are") "
                + "encrypted, and this service has no key to open encrypted values."
        }
    }

    /// `` `A`, `B` and 3 more ``
    private static func list(_ names: [String]) -> String {
        var shown = names.prefix(names.count > maxNames ? maxNames - 1 : maxNames).map { "`\($0)`" }
        if names.count > shown.count { shown.append("\(names.count - shown.count) more") }
        guard let last = shown.popLast() else { return "" }
        return shown.isEmpty ? last : "\(shown.joined(separator: ", ")) and \(last)"
    }

    /// In one sentence.
    static let maxNames = 5
}
