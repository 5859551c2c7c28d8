import Subprocess

/// Why psql did not do what it was told. No text holds a password.
enum PsqlError: Error, Sendable, Equatable {
    case program(ProgramError)
    /// A connection was not made, or broke: in libpq's words.
    case connection(String)
    /// The server refused a statement: its code (PostgreSQL documentation, appendix A) and its message.
    case statement(code: String, String)
    /// What is there already keeps the script from going on.
    case refusal(PostgresState.Refusal)

    /// - Parameter exitCode: 3 when the script was stopped by an error, 2 when the connection went bad, 1 when it never
    ///   was one (PostgreSQL documentation, psql, "Exit Status").
    init(_ errorOutput: String, exitCode: Int32) {
        let lines = errorOutput.split(whereSeparator: \.isNewline).map(String.init)
        // `psql:<stdin>:3: ERROR:  42501: permission denied`; the severity is in the server's language.
        for line in lines {
            guard let match = line.firstMatch(of: /:  ([0-9A-Z]{5}): (.+)/) else { continue }
            self = .statement(code: String(match.1), String(match.2))
            return
        }
        // With several addresses, the one that answered says why.
        let line = lines.last { $0.contains("FATAL:") } ?? lines.first ?? "psql ended with exit code \(exitCode)"
        let reason = line.replacing(/^psql:(<stdin>:[0-9]+:)? *(error: )?/, with: "")
        self = .connection(reason)
    }
}

extension PsqlError {
    /// Codes of PostgreSQL's documentation, appendix A, by what they begin with: connections, shut-downs and starts,
    /// too many connections, locks, and what somebody else made or uses at the same moment.
    private static let passingCodes = [
        "08", "57P0", "57014", "53300", "55P03", "55006", "40", "42710", "42P04", "23505", "XX000",
    ]
    /// Of connections that the server, or its certificate, refuses for good. The server may say so in another language:
    /// then it is asked again for a while.
    private static let finalReasons = [
        "password authentication failed", "no password supplied", "no pg_hba.conf entry", "certificate",
        "does not support SSL", "does not exist", "is not permitted to log in", "authentication method",
    ]

    /// Whether a server that restarts, or has a lot to do, answers like that.
    var mayPass: Bool {
        switch self {
        case .program(.timedOut): true
        case .program, .refusal: false
        case .connection(let reason): !Self.finalReasons.contains(where: reason.contains)
        case .statement(let code, _): Self.passingCodes.contains(where: code.hasPrefix)
        }
    }

    /// Whether the password may be another one: not when the server took it and something else was wrong. Whom
    /// `pg_hba.conf` does not let in was not asked for one.
    var leavesPasswordOpen: Bool {
        guard case .connection(let reason) = self else { return true }
        return !reason.contains("database \"") || reason.contains("pg_hba.conf")
    }

    /// Whether it was the password that was wrong.
    var isAboutPassword: Bool {
        if case .connection(let reason) = self { reason.contains("password authentication failed") } else { false }
    }
}

extension ProgramError {
    /// Without the program, or when nobody waits, there is no second try.
    var isFinal: Bool { if case .timedOut = self { false } else { true } }
}
