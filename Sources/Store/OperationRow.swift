import Deploys
import SQLite

extension Operation {
    /// Reads a whole row of `operations`.
    init(row: SQLiteRow) throws {
        let id = OperationID(row.integer("id"))
        func known<Value>(_ column: String, _ make: (String) -> Value?) throws -> Value {
            let text = row.text(column)
            guard let value = make(text) else { throw unreadable(id, column, text) }
            return value
        }
        func optional<Value>(_ column: String, _ make: (String) -> Value?) throws -> Value? {
            row.isNull(column) ? nil : try known(column, make)
        }
        self.init(
            id: id,
            kind: try known("kind", Kind.init),
            app: AppID(organisation: row.text("organisation"), name: row.text("app_name")),
            environment: try optional("environment", EnvironmentName.init(parsing:)),
            revision: try optional("revision", Revision.init),
            trigger: try known("trigger") { word in
                Trigger(word: word, id: row.optionalText("person_id"), name: row.text("person_name"))
            },
            channel: row.text("channel"),
            state: try known("state", State.init),
            commit: try optional("commit_id", CommitID.init).map { commit in
                Commit(
                    id: commit, subject: row.optionalText("commit_subject") ?? "",
                    author: row.optionalText("commit_author") ?? "", url: row.optionalText("commit_url"))
            },
            doubt: row.optionalText("doubted_before").map { Doubt(before: CommitID($0)) },
            buildNumber: row.optionalInt("build_number"),
            releaseNumber: row.optionalInt("release_number"),
            approval: row.bool("needs_approval")
                ? Approval(by: row.person("approved_by"), heldSince: row.optionalDate("held_since")) : nil,
            cancelledBy: row.person("cancelled_by"), note: row.optionalText("note"),
            createdAt: row.date("created_at"),
            startedAt: row.optionalDate("started_at"),
            finishedAt: row.optionalDate("finished_at"))
    }
}

extension SQLiteRow {
    /// Of two columns.
    fileprivate func person(_ prefix: String) -> Person? {
        optionalText("\(prefix)_id").map { Person(id: $0, name: optionalText("\(prefix)_name") ?? "") }
    }
}

private func unreadable(_ id: OperationID, _ column: String, _ text: String) -> JournalError {
    .unavailable(
        "operation \(id) in the journal can't be read: its \(column) is '\(text)', which this version of "
            + "iterapp does not know; run the version that wrote it")
}

extension Trigger {
    init?(word: String, id: String?, name: String) {
        switch (word, id) {
        case ("command", let id?): self = .command(Person(id: id, name: name))
        case ("button", let id?): self = .button(Person(id: id, name: name))
        case ("push", nil): self = .push(by: name)
        case ("rerun", nil): self = .rerun(by: name)
        case ("look", nil): self = .look
        case ("watch", nil): self = .watch
        default: return nil
        }
    }

    var word: String {
        switch self {
        case .command: "command"
        case .button: "button"
        case .push: "push"
        case .rerun: "rerun"
        case .look: "look"
        case .watch: "watch"
        }
    }

    var personName: String {
        switch self {
        case .command(let person), .button(let person): person.name
        case .push(let name), .rerun(let name): name
        case .look, .watch: ""
        }
    }
}
