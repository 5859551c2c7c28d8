import AppFile

/// Something outside of the cluster that settings ask for and that the service is not connected to.
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
    static func refuse(_ purpose: Purpose, of file: AppFile, _ connections: Connections) throws(Failure) {
        let missing = missing(for: purpose, file, connections)
        guard let first = missing.first else { return }
        throw failure(first, of: missing)
    }

    static func missing(
        for purpose: Purpose, _ file: AppFile, _ connections: Connections
    ) -> [MissingConnection] {
        switch purpose {
        case .build:
            if connections.opener != nil { return [] }
            let ids = Set(file.applings.flatMap(\.buildSecrets).map(\.id)).sorted()
            return ids.isEmpty ? [] : [.buildKey(ids: ids)]
        case .deploy(let environment):
            var missing: [MissingConnection] = []
            if !connections.hasDatabases(environment), file.applings.contains(where: { $0.postgres != nil }) {
                missing.append(.databaseServer)
            }
            if !connections.hasNATS, file.applings.contains(where: { $0.nats != nil }) { missing.append(.natsServer) }
            if connections.opener != nil { return missing }
            let sealed = file.applings.flatMap { $0.environment(for: environment.rawValue) }.filter { variable in
                if case .encrypted = variable.value { true } else { false }
            }
            if !sealed.isEmpty { missing.append(.environmentKey(variables: Set(sealed.map(\.name)).sorted())) }
            return missing
        }
    }
}
