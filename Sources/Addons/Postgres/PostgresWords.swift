import AppFile
import Deploys
import Foundation
import Subprocess

/// What developers and operators are told of databases.
enum PostgresWords {
    private static let operators = "Ask the operator of Iterapp to look after it."
    private static let maxReasonLetters = 300
    private static let maxNamedExtensions = 60

    // MARK: Remarks

    static func unlisted(_ name: String, _ database: PostgresName) -> String {
        "The extension `\(name)` is not listed in iterapp.toml; it stays in the database `\(database.text)`."
    }

    /// True of an app's first one, and of one that is looked for on another server than before, or was lost. A
    /// deploy that failed may have filled it since.
    static func made(_ database: PostgresName, _ server: PostgresServer) -> String {
        "The database `\(database.text)` was not on `\(server.title)`. It was made there, empty."
    }

    static func openDatabases(_ databases: [String], _ server: PostgresServer) -> String {
        let names = databases.map { "\"\($0.replacingEvery("\"", with: "\"\""))\"" }.joined(separator: ", ")
        let (these, connect) = databases.count == 1 ? ("that database", "database") : ("those databases", "databases")
        return "roles of apps may connect to the \(connect) \(names) on \(server.title): nothing of apps is in there, "
            + "but for \(these), REVOKE CONNECT ON DATABASE \(names) FROM PUBLIC keeps them out"
    }

    // MARK: Failures

    static func noServer(_ environment: EnvironmentName) -> AddOnError {
        .refused(
            "There is no database server for \(environment).", advice: "Ask the operator of Iterapp for one.")
    }

    static func away(_ error: PsqlError, _ server: PostgresServer) -> String {
        let trouble = if case .statement = error { "can't do it at the moment" } else { "does not answer" }
        return "The database server \(server.title) \(trouble): \(reason(error))."
    }

    /// For what does not pass by waiting.
    static func error(
        _ error: PsqlError, _ server: PostgresServer, _ name: PostgresName, _ mark: PostgresMark
    ) -> AddOnError {
        switch error {
        case .program(.cancelled): .cancelled
        case .program(.notFound(let program)):
            .refused(
                "Databases are made with the program \(program), which is missing where Iterapp runs.",
                advice: "Ask the operator of Iterapp to install it: in Debian, the package postgresql-client has it.")
        case .program(let error): .refused("Databases can't be made: \(error).", advice: operators)
        case .refusal(let refusal): self.refusal(refusal, server, name, mark)
        case .connection where error.isAboutPassword:
            .refused(
                "The database server \(server.title) does not take a password: \(reason(error)).",
                advice: "Ask the operator of Iterapp to look at ITERAPP_POSTGRES_ADMIN_URL and at pg_hba.conf.")
        case .connection:
            .refused(
                "The database server \(server.title) does not let Iterapp in: \(reason(error)).",
                advice: "Ask the operator of Iterapp to look at ITERAPP_POSTGRES_ADMIN_URL.")
        case .statement(let code, _): statement(code, reason(error), server, name)
        }
    }

    private static func statement(
        _ code: String, _ reason: String, _ server: PostgresServer, _ name: PostgresName
    ) -> AddOnError {
        switch code {
        case "53100":
            .refused("The database server \(server.title) has no room left on its disk: \(reason).", advice: operators)
        case "42501":
            .refused(
                "The database `\(name.text)` can't be made, for Iterapp's role `\(server.admin.user)` on "
                    + "\(server.title) lacks a right: \(reason).",
                advice: "Ask the operator of Iterapp to give it that right; it needs at least CREATEDB and CREATEROLE, "
                    + "and ADMIN OPTION for a role that another one has made.")
        default:
            .refused(
                "The database server \(server.title) refuses what the database `\(name.text)` needs: \(reason).",
                advice: operators)
        }
    }

    private static func refusal(
        _ refusal: PostgresState.Refusal, _ server: PostgresServer, _ name: PostgresName, _ mark: PostgresMark
    ) -> AddOnError {
        switch refusal {
        case .foreignRole(let comment):
            if let theirs = PostgresMark(comment: comment), theirs.installation != mark.installation {
                return another(theirs, server, name, mark)
            }
            if comment == mark.subject { return older(server, name, mark) }
            return .refused(
                "There is a role `\(name.text)` on \(server.title) already that is not this app's"
                    + (comment.isEmpty ? "." : ": its comment is \"\(shortened(comment))\"."),
                advice: "Ask the operator of Iterapp to rename it. If it is the app's all the same, this says so: "
                    + "`\(claim(name, mark))`")
        case .foreignDatabase(let owner):
            return .refused(
                "There is a database `\(name.text)` on \(server.title) already that belongs to the role "
                    + "`\(shortened(owner))`, not to the app's.",
                advice: "Ask the operator of Iterapp to rename it, or to give it to the app's role.")
        case .powers(let powers):
            return .refused(
                "The role `\(name.text)` on \(server.title) may do what no app may: it has "
                    + "\(powers.joined(separator: ", ")).",
                advice: "Ask the operator of Iterapp to take that away: `ALTER ROLE \"\(name.text)\" "
                    + "\(powers.map { "NO\($0)" }.joined(separator: " "))`")
        case .unknownExtensions(let unknown, let known):
            return extensions(unknown, known, server)
        }
    }

    private static func older(_ server: PostgresServer, _ name: PostgresName, _ mark: PostgresMark) -> AddOnError {
        .refused(
            "The role `\(name.text)` on \(server.title) was made by an older Iterapp, which did not note down which "
                + "installation it was.",
            advice: "Ask the operator of Iterapp whether it was this one; if so, this says it: `\(claim(name, mark))`")
    }

    /// Their app may be another organisation's, since each installation has a default organisation of its own.
    private static func another(
        _ theirs: PostgresMark, _ server: PostgresServer, _ name: PostgresName, _ mark: PostgresMark
    ) -> AddOnError {
        let isSameApp = theirs.subject == mark.subject
        let rebuilt = "If this is that installation, in a cluster that was rebuilt, set "
            + "ITERAPP_INSTALLATION=\(shortened(theirs.installation)). "
        return .refused(
            "The database `\(name.text)` on \(server.title) belongs to another installation of Iterapp, "
                + "\(shortened(theirs.installation)): its role's comment is \"\(shortened(theirs.text))\". "
                + "This installation is \(mark.installation).",
            advice: "Ask the operator of Iterapp to give this installation a database server of its own. "
                + (isSameApp ? rebuilt : "") + "To take the database away from the other one, and hand it over to "
                + "this app: `\(claim(name, mark))`")
    }

    /// What makes a role the app's, as the operator says it.
    private static func claim(_ name: PostgresName, _ mark: PostgresMark) -> String {
        "COMMENT ON ROLE \"\(name.text)\" IS '\(mark.text.replacingEvery("'", with: "''"))'"
    }

    private static func extensions(_ unknown: [String], _ known: [String], _ server: PostgresServer) -> AddOnError {
        let names = unknown.map { "`\($0)`" }.joined(separator: ", ")
        let guess = unknown.count == 1 ? nearest(to: unknown[0], in: known).map { " Did you mean `\($0)`?" } : nil
        let more = known.count - maxNamedExtensions
        return .refused(
            "The database server \(server.title) has no extension \(names).\(guess ?? "")",
            advice: "It has: \(known.prefix(maxNamedExtensions).joined(separator: ", "))"
                + (more > 0 ? " and \(more) more." : "."))
    }

    /// As a part of a sentence: on one line, without the full stop at its end.
    private static func reason(_ error: PsqlError) -> String {
        switch error {
        case .program(let error): "\(error)"
        case .connection(let reason), .statement(_, let reason): shortened(reason)
        case .refusal: "it is refused"
        }
    }

    private static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ").trimmingCharacters(in: ["."])
        return line.count > maxReasonLetters ? "\(line.prefix(maxReasonLetters))…" : line
    }
}
