extension Database {
    /// Runs `body` in one transaction: committed when it returns, undone when it throws or the commit fails.
    ///
    /// BEGIN IMMEDIATE takes the write lock first, so that a transaction that reads before it writes
    /// cannot find half-way that another connection was faster
    /// (https://www.sqlite.org/lang_transaction.html).
    /// `body` is synchronous, so nothing can await inside.
    @discardableResult
    package func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        precondition(!isInTransaction, "a transaction is open already; use withSavepoint inside it")
        try run("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // A full disk or an I/O error may have rolled back already.
            if isInTransaction { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Runs `body` so that its changes alone are undone when it throws; nests, inside a transaction or alone.
    @discardableResult
    package func withSavepoint<Result>(_ body: () throws -> Result) throws -> Result {
        // SQLite finds the innermost savepoint of that name, so one name does for all depths.
        try run("SAVEPOINT nested")
        do {
            let result = try body()
            try run("RELEASE nested")
            return result
        } catch {
            if isInTransaction { try? execute("ROLLBACK TO nested; RELEASE nested") }
            throw error
        }
    }
}
