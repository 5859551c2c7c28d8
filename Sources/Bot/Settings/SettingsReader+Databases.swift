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

        /// Files with certificates that this program's image has not got.
        var authorities: [String] {
            [prod, test, snap].compactMap { $0?.admin.sslRootCertificate }
                .filter { $0 != Authorities.systemFile }
        }

        var passwords: [String] { [prod, test, snap].compactMap { $0?.admin.password } }
    }
}

extension SettingsReader {
    private static let adminURL = "ITERAPP_POSTGRES_ADMIN_URL"
    private static let appAddress = "ITERAPP_POSTGRES_APP_HOST"
    /// Of a file with certificates, as clouds publish them; a ConfigMap holds a little more.
    private static let maxAuthoritiesBytes = 512 << 10
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

    mutating func databases() -> Settings.Databases {
        let usual = (url: databaseURL(Self.adminURL), address: databaseAddress(Self.appAddress))
        let servers = Self.kinds.map { kind in
            let url = databaseURL("\(Self.adminURL)_\(kind)")
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
    private mutating func databaseURL(_ name: String) -> PostgresURL? {
        guard let value = text(name) else { return nil }
        do throws(PostgresURL.Problem) {
            let url = try PostgresURL(parsing: value)
            // The bot's own image has that one, wherever this is read.
            if let file = url.sslRootCertificate, file != Authorities.systemFile {
                checkAuthorities(name, file)
            }
            return url
        } catch {
            problems.append("\(name) \(error.reason).")
            return nil
        }
    }

    private mutating func checkAuthorities(_ name: String, _ path: String) {
        let file = FileHandle(forReadingAtPath: path)
        guard let bytes = try? file?.read(upToCount: Self.maxAuthoritiesBytes + 1) else {
            problems.append("\(name) names the file \(path) as sslrootcert, which can't be read.")
            return
        }
        if bytes.count > Self.maxAuthoritiesBytes {
            problems.append(
                "\(name) names the file \(path) as sslrootcert, which has more than "
                    + "\(Self.maxAuthoritiesBytes >> 10) KiB: the certificates of the server's authority are enough.")
        } else if !Authorities.areIn(String(decoding: bytes, as: UTF8.self)) {
            problems.append("\(name) names the file \(path) as sslrootcert, which holds no certificate in PEM form.")
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
