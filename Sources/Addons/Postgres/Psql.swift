import Foundation
import Subprocess

/// Runs SQL through the program `psql`. Passwords are in its environment only, values are its variables, and
/// statements come through its standard input.
struct Psql: Sendable {
    let program: String
    /// What it may see of our environment.
    let environment: [String: String]

    /// Until a server that does not answer at all is given up.
    static let maxConnectSeconds = 5
    private static let maxOutputBytes = 4 << 20

    struct Login: Sendable {
        let url: PostgresURL
        let user: String
        let password: String?
        let database: String
    }

    /// - Parameters:
    ///   - script: statements and psql's own commands; `:'name'` stands for a value.
    ///   - values: by the names that the script has for them.
    /// - Returns: the lines that it printed.
    func run(
        _ script: String, _ values: [String: String], as login: Login, timeLimit: Duration
    ) async throws(PsqlError) -> [String] {
        var run = ProgramRun(
            program,
            ["-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-f", "-"],
            timeLimit: timeLimit)
        run.inheritsEnvironment = false
        run.environment = variables(login)
        run.maxOutputBytes = Self.maxOutputBytes
        let settings = values.sorted { $0.key < $1.key }.map { "\\set \($0.key) \(Self.quoted($0.value))\n" }
        run.input = Array((settings.joined() + script).utf8)
        let result: ProgramResult
        do throws(ProgramError) { result = try await run.run() } catch { throw .program(error) }
        guard result.exitCode == 0 else {
            throw PsqlError(String(decoding: result.errorOutput, as: UTF8.self), exitCode: result.exitCode)
        }
        return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func variables(_ login: Login) -> [String: String?] {
        var variables: [String: String?] = environment
        let url = login.url
        let own = [
            "PGHOST": url.host, "PGPORT": String(url.port), "PGUSER": login.user, "PGDATABASE": login.database,
            "PGPASSWORD": login.password, "PGPASSFILE": "/dev/null", "PGSSLMODE": url.sslMode,
            "PGSSLROOTCERT": url.sslRootCertificate, "PGCONNECT_TIMEOUT": String(Self.maxConnectSeconds),
            "PGAPPNAME": "iterapp", "PGCLIENTENCODING": "UTF8", "LC_ALL": "C",
        ]
        for (name, value) in own { variables[name] = value }
        return variables
    }

    /// Every byte by its octal number, which needs no further quoting (PostgreSQL documentation, psql,
    /// "Meta-Commands").
    static func quoted(_ value: String) -> String {
        let bytes = value.utf8.map { byte in
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
        return "'\(bytes.joined())'"
    }
}
