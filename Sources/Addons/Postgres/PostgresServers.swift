import Crypto
import Deploys
import Subprocess

/// The operator's database servers. Each app, or appling, has a database and a role of its own in each environment,
/// both called alike; nothing is ever dropped.
package struct PostgresServers: AddOnServer {
    let servers: @Sendable (EnvironmentName) -> PostgresServer?
    let naming: Naming
    let installation: InstallationIdentity
    let psql: Psql
    let patience: PostgresPatience
    let random: @Sendable (_ count: Int) -> [UInt8]
    let learn: @Sendable (_ secrets: [String]) -> Void
    let log: Log
    let told = ToldOnce()
    /// Databases that a deploy tells of now.
    let news = News()

    /// - Parameters:
    ///   - servers: nil for an environment without one.
    ///   - installation: tells our apps' databases from those of others that share a server with us.
    ///   - programEnvironment: what psql may see of our environment.
    ///   - random: as many random bytes as asked for, fit for passwords.
    ///   - learn: told of every password, which shall be hidden in logs.
    ///   - log: for what the operator should know.
    package init(
        _ servers: @escaping @Sendable (EnvironmentName) -> PostgresServer?, naming: Naming,
        installation: InstallationIdentity, programEnvironment: [String: String], program: String = "psql",
        patience: PostgresPatience = PostgresPatience(),
        random: @escaping @Sendable (_ count: Int) -> [UInt8] = { randomBytes($0) },
        learn: @escaping @Sendable (_ secrets: [String]) -> Void = { _ in }, log: Log
    ) {
        self.servers = servers
        self.naming = naming
        self.installation = installation
        psql = Psql(program: program, environment: programEnvironment)
        self.patience = patience
        self.random = random
        self.learn = learn
        self.log = log
    }

    package func secret(
        of place: AddOnPlace, kept: [String: String]?
    ) async throws(AddOnError) -> [String: String] {
        let password = PostgresSecret.password(kept: kept?[PostgresSecret.passwordKey], random: random)
        learn([password])
        return PostgresSecret(server: try server(for: place), name: PostgresName(place, naming), password: password)
            .values
    }

    package func provide(_ place: AddOnPlace, _ secret: [String: String]) async throws(AddOnError) -> [String] {
        let server = try server(for: place)
        let name = PostgresName(place, naming)
        let mark = PostgresMark(name, installation: try await installation.id())
        let provision = PostgresProvision(
            server: server, name: name, mark: mark, extensions: place.addOn.extensions,
            password: secret[PostgresSecret.passwordKey] ?? "", psql: psql, patience: patience, random: random)
        let outcome = try await provision.run()
        if outcome.state?.isNew(mark) == true { news.add(mark) }
        warn(about: outcome.state, server)
        return outcome.remarks
    }

    /// The deploy has told what it knew. When that can't be written down, the next one tells it once more.
    package func retireOlder(
        than secret: [String: String], at place: AddOnPlace
    ) async throws(AddOnError) -> [String: String] {
        let (server, name) = (try server(for: place), PostgresName(place, naming))
        guard let mark = news.remove(name) else { return [:] }
        let login = Psql.Login(
            url: server.admin, user: name.text, password: secret[PostgresSecret.passwordKey], database: name.text)
        _ = try? await psql.run(
            PostgresScripts.told, ["name": name.text, "mark": mark.text, "new_mark": mark.textOfNew], as: login,
            timeLimit: patience.lookTimeLimit)
        return [:]
    }

    package func whereabouts(of place: AddOnPlace) -> String? {
        servers(place.environment).map { "the database `\(PostgresName(place, naming).text)` on `\($0.title)`" }
    }

    private func server(for place: AddOnPlace) throws(AddOnError) -> PostgresServer {
        if let server = servers(place.environment) { return server }
        throw PostgresWords.noServer(place.environment)
    }

    private func warn(about state: PostgresState?, _ server: PostgresServer) {
        guard let others = state?.otherDatabases, !others.isEmpty else { return }
        let line = PostgresWords.openDatabases(others, server)
        if told.isNew(line) { log.warning(line) }
    }
}

extension AddOn {
    fileprivate var extensions: [String] {
        if case .postgres(let extensions) = kind { extensions } else { [] }
    }
}
