import Addons
import Deploys
import Foundation

extension Settings {
    /// Where apps' databases are made, by the kind of environment.
    package struct Databases: Sendable {
        package var prod: PostgresServer?
        package var test: PostgresServer?
        package var snap: PostgresServer?

        package subscript(_ environment: EnvironmentName) -> PostgresServer? {
            environment == .prod ? prod : environment.isSnap ? snap : test
        }

        var passwords: [String] { [prod, test, snap].compactMap { $0?.admin.password } }
    }
}

extension SettingsReader {
    private static let adminURL = "ITERAPP_POSTGRES_ADMIN_URL"
    private static let appAddress = "ITERAPP_POSTGRES_APP_HOST"
    private static let kinds = ["PROD", "TEST", "SNAP"]
    static let databaseURLs = [adminURL] + kinds.map { "\(adminURL)_\($0)" }
    static let databaseAddresses = [appAddress] + kinds.map { "\(appAddress)_\($0)" }

    static let installationName = "ITERAPP_INSTALLATION"

    mutating func installation() -> String? {
        guard let value = text(Self.installationName) else { return nil }
        if !InstallationIdentity.isID(value) {
            problems.append(
                "\(Self.installationName) must be letters, digits and hyphens, at most "
                    + "\(InstallationIdentity.maxIDCharacters).")
        }
        return value
    }

    /// - Parameter readsFiles: false where the files with certificates are on another machine.
    mutating func databases(readsFiles: Bool = true) -> Settings.Databases {
        let usual = (url: databaseURL(Self.adminURL, readsFiles), address: databaseAddress(Self.appAddress))
        let servers = Self.kinds.map { kind in
            let url = databaseURL("\(Self.adminURL)_\(kind)", readsFiles)
            let address = databaseAddress("\(Self.appAddress)_\(kind)")
            // Where apps find the usual server says nothing of another one.
            return server(url ?? usual.url, at: address ?? (url == nil ? usual.address : nil))
        }
        for (kind, server) in zip(Self.kinds, servers) {
            guard let server, server.appHost.hasPrefix("/") else { continue }
            problems.append(
                "\(Self.adminURL) leads to a socket, which no app can reach: \(Self.appAddress) or "
                    + "\(Self.appAddress)_\(kind) must say where apps find the server.")
            break
        }
        return Settings.Databases(prod: servers[0], test: servers[1], snap: servers[2])
    }

    private func server(_ url: PostgresURL?, at address: (host: String, port: Int)?) -> PostgresServer? {
        url.map { PostgresServer(admin: $0, appAddress: address) }
    }

    /// No sentence carries anything of the URL, for it holds a password.
    private mutating func databaseURL(_ name: String, _ readsFiles: Bool) -> PostgresURL? {
        guard let value = text(name) else { return nil }
        do throws(PostgresURL.Problem) {
            let url = try PostgresURL(parsing: value)
            if readsFiles, let file = url.sslRootCertificate, file != "system",
                !FileManager.default.isReadableFile(atPath: file)
            {
                problems.append("\(name) names the file \(file) as sslrootcert, which can't be read.")
            }
            return url
        } catch {
            problems.append("\(name) \(error.reason).")
            return nil
        }
    }

    private mutating func databaseAddress(_ name: String) -> (host: String, port: Int)? {
        guard let value = text(name) else { return nil }
        do throws(PostgresURL.Problem) { return try PostgresServer.address(parsing: value) } catch {
            problems.append("\(name) \(error.reason): it must be a host or host:port, as in db.example.com:5432.")
            return nil
        }
    }
}
