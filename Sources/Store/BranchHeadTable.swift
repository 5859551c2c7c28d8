import Deploys
import struct Foundation.Date
import SQLite

/// Where branches were when something was done about them last, as rows.
struct BranchHeadTable {
    let database: Database

    func find(_ branch: String, of app: AppID) throws -> KnownHead? {
        try database.run(
            "SELECT commit_id, before_id FROM branch_heads WHERE app = ? AND branch = ?",
            [.text(app.key), .text(branch)]
        ).first.flatMap { row in
            CommitID(row.text("commit_id")).map {
                KnownHead(commit: $0, before: row.optionalText("before_id").flatMap(CommitID.init))
            }
        }
    }

    func set(_ branch: String, of app: AppID, to commit: CommitID, before: CommitID?) throws {
        try database.run(
            """
            INSERT INTO branch_heads (app, branch, commit_id, before_id) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (app, branch) DO UPDATE SET commit_id = ?3, before_id = ?4
            """, [.text(app.key), .text(branch), .text(commit.sha), .text(orNull: before?.sha)])
    }

    /// - Parameter commit: nothing happens when the branch is elsewhere; nil takes any.
    func forget(_ branch: String, of app: AppID, at commit: CommitID? = nil) throws {
        try database.run(
            "DELETE FROM branch_heads WHERE app = ?1 AND branch = ?2 AND (?3 IS NULL OR commit_id = ?3)",
            [.text(app.key), .text(branch), .text(orNull: commit?.sha)])
    }

    func forgetAll(of app: AppID) throws {
        try database.run("DELETE FROM branch_heads WHERE app = ?", [.text(app.key)])
        try database.run("DELETE FROM branch_looks WHERE app = ?", [.text(app.key)])
        try database.run("DELETE FROM branch_ends WHERE app = ?", [.text(app.key)])
    }

    // MARK: Looks

    /// A branch was told to be gone: the next look that begins sees whether it is.
    func doubt(_ branch: String, of app: AppID, delivery: String) throws {
        try database.run(
            """
            INSERT INTO branch_ends (app, branch, delivery)
            SELECT key, ?2, ?3 FROM apps WHERE key = ?1 AND is_active = 1
            ON CONFLICT (app, branch) DO UPDATE SET delivery = ?3
            """, [.text(app.key), .text(branch), .text(delivery)])
    }

    /// The next look asks for all, and one under way notes no tag: a branch that goes back to where it was gets the tag
    /// of then, and nobody would see that it had been elsewhere.
    func forgetTag(of app: AppID) throws {
        try database.run("UPDATE branch_looks SET tag = NULL, moves = moves + 1 WHERE app = ?", [.text(app.key)])
    }

    private func ends(of app: AppID) throws -> [String: String] {
        let rows = try database.run("SELECT branch, delivery FROM branch_ends WHERE app = ?", [.text(app.key)])
        return Dictionary(rows.map { ($0.text("branch"), $0.text("delivery")) }) { first, _ in first }
    }

    func all(of app: AppID) throws -> KnownHeads {
        var known = KnownHeads()
        if let look = try database.run("SELECT tag, moves FROM branch_looks WHERE app = ?", [.text(app.key)]).first {
            known.isFirstLook = false
            known.moves = look.int("moves")
            known.tag = look.optionalText("tag")
        }
        for row in try database.run("SELECT branch, commit_id FROM branch_heads WHERE app = ?", [.text(app.key)]) {
            guard let commit = CommitID(row.text("commit_id")) else { continue }
            let branch = row.text("branch")
            known.heads[branch] = commit
            let taken = try OperationTable(database: database).newest(building: commit, of: app, on: branch)
            if taken?.state == .superseded { known.overtaken.insert(branch) }
        }
        known.ends = try ends(of: app)
        return known
    }

    func note(_ look: BranchLook, of app: AppID, at now: Date) throws {
        for (branch, delivery) in look.ends {
            try database.run(
                "DELETE FROM branch_ends WHERE app = ? AND branch = ? AND delivery = ?",
                [.text(app.key), .text(branch), .text(delivery)])
        }
        let endedMeanwhile = try ends(of: app)
        for (branch, commit) in look.noted where endedMeanwhile[branch] == nil {
            try database.run(
                "INSERT INTO branch_heads (app, branch, commit_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [.text(app.key), .text(branch), .text(commit.sha)])
        }
        for (branch, commit) in look.gone { try forget(branch, of: app, at: commit) }
        try database.run(
            """
            INSERT INTO branch_looks (app, tag, looked_at) VALUES (?1, ?2, ?3)
            ON CONFLICT (app) DO UPDATE SET tag = iif(moves = ?4, ?2, NULL), looked_at = ?3
            """, [.text(app.key), .text(orNull: look.tag), .date(now), .integer(Int64(look.moves))])
    }
}
