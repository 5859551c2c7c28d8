import Crypto
import Foundation
import Subprocess

/// A PostgreSQL server of the demo's own, or of a test's: with the programs that Debian's package installs, in a
/// folder, and on a port of its own. As root, it runs as the user that the package made, since it refuses to be root.
package struct PrivatePostgres: Sendable {
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
    }

    package static let admin = "postgres"
    private static let installation = "/usr/lib/postgresql"
    private static let account = "postgres"
    private static let startTimeLimit = Duration.seconds(30)
    private static let programTimeLimit = Duration.seconds(60)
    private static let passwordBytes = 18

    /// Holds the data, the log and the admin's password.
    package let directory: URL
    /// A network of this machine's besides loopback, from which it is reached.
    package struct Network: Sendable, Equatable {
        /// This machine's.
        package let address: String
        /// As in `172.17.0.0/16`.
        package let subnet: String

        package init(address: String, subnet: String) {
            self.address = address
            self.subnet = subnet
        }
    }

    package let network: Network?
    package let port: Int
    /// Of its configuration, as `name=value`.
    package var settings: [String] = []
    /// All that the programs see of our environment.
    package var environment: [String: String] = [:]
    private let programs: String

    /// - Throws: when no server is installed.
    package init(in directory: URL, network: Network? = nil, port: Int) throws(Failure) {
        guard let programs = Self.programs else {
            throw Failure(description: "No PostgreSQL server is installed; Debian's package postgresql has one.")
        }
        self.directory = directory
        self.network = network
        self.port = port
        self.programs = programs
    }

    /// The folder with the newest server that is installed; nil without one.
    package static var programs: String? {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: installation)) ?? []
        return versions.compactMap(Int.init).sorted(by: >).map { "\(installation)/\($0)/bin" }
            .first { access("\($0)/postgres", X_OK) == 0 }
    }

    private var data: String { directory.appending(path: "data").path }
    package var log: URL { directory.appending(path: "postgres.log") }
    private var passwordFile: URL { directory.appending(path: "password") }

    /// Of the admin, on the machine itself.
    package func url() throws -> String {
        let password = try String(contentsOf: passwordFile, encoding: .utf8)
        return "postgres://\(Self.admin):\(password)@127.0.0.1:\(port)/postgres"
    }

    /// Makes its data when there are none, and starts it. One that an earlier run left running is ended first.
    package func start() async throws {
        try await make()
        try writeRules()
        if FileManager.default.fileExists(atPath: "\(data)/postmaster.pid") { await stop() }
        var arguments = ["-D", data, "-p", String(port)]
        let own = [
            "listen_addresses=\((["127.0.0.1"] + [network?.address].compactMap(\.self)).joined(separator: ","))",
            "password_encryption=scram-sha-256",
            // A socket's path has at most 107 bytes (unix(7)), which the folder's own may have.
            "unix_socket_directories=",
        ]
        for setting in own + settings { arguments += ["-c", setting] }
        let (program, all) = asAccount("postgres", arguments)
        let process = try RunningProgram(
            program, all, environment: environment, inheritsEnvironment: false, directory: "/", logFile: log.path)
        let deadline = ContinuousClock.now + Self.startTimeLimit
        while process.isRunning, ContinuousClock.now < deadline {
            if try await run("pg_isready", ["-q", "-h", "127.0.0.1", "-p", String(port)]).exitCode == 0 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        await process.terminate(grace: .seconds(1))
        throw Failure(description: "PostgreSQL did not start; see \(log.path).")
    }

    /// Ends it at once, with all connections. What it had taken is kept.
    package func stop() async {
        // In a task of its own, because a cancelled demo still has to stop its server.
        await Task { _ = try? await run("pg_ctl", ["stop", "-D", data, "-m", "fast", "-w", "-s"]) }.value
    }

    private func make() async throws {
        let files = FileManager.default
        if files.fileExists(atPath: "\(data)/PG_VERSION") { return }
        try? files.removeItem(atPath: data)
        try files.createDirectory(atPath: data, withIntermediateDirectories: true)
        try PrivateFile.write(Array(hex(randomBytes(Self.passwordBytes)).utf8), to: passwordFile, mode: 0o600)
        if geteuid() == 0 {
            for path in [data, passwordFile.path] {
                try files.setAttributes([.ownerAccountName: Self.account], ofItemAtPath: path)
            }
        }
        let result = try await run(
            "initdb",
            [
                "-D", data, "-U", Self.admin, "--auth=scram-sha-256", "--pwfile=\(passwordFile.path)", "--no-sync",
                "--no-instructions", "--encoding=UTF8", "--locale=C.UTF-8",
            ])
        guard result.exitCode == 0 else {
            throw Failure(
                description: "PostgreSQL's data can't be made: \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
    }

    /// Who may come from where. The network may be another one than at the start before.
    private func writeRules() throws {
        let subnets = ["127.0.0.1/32"] + [network?.subnet].compactMap(\.self)
        let rules = subnets.map { "host all all \($0) scram-sha-256\n" }.joined()
        guard let file = FileHandle(forWritingAtPath: "\(data)/pg_hba.conf") else {
            throw Failure(description: "PostgreSQL's rules in \(data) can't be written.")
        }
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data(rules.utf8))
        try file.close()
    }

    private func run(_ name: String, _ arguments: [String]) async throws(ProgramError) -> ProgramResult {
        let (program, all) = asAccount(name, arguments)
        var run = ProgramRun(program, all, timeLimit: Self.programTimeLimit)
        run.environment = environment
        run.inheritsEnvironment = false
        run.directory = "/"
        return try await run.run()
    }

    /// The folder may be below one that is root's alone, which the account then passes all the same.
    private func asAccount(_ name: String, _ arguments: [String]) -> (program: String, arguments: [String]) {
        let program = "\(programs)/\(name)"
        guard geteuid() == 0 else { return (program, arguments) }
        let account = [
            "--reuid=\(Self.account)", "--regid=\(Self.account)", "--clear-groups", "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
        ]
        return ("/usr/bin/setpriv", account + [program] + arguments)
    }
}
