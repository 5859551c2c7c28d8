import Deploys
import SQLite

extension JournalError {
    /// Codes whose message says where and what to do: busy, locked, read-only, I/O error, corrupt, cannot
    /// open, not a database (https://www.sqlite.org/rescode.html).
    private static let explainedCodes: Set<Int32> = [5, 6, 8, 10, 11, 14, 26]

    /// What people read when the journal fails: never SQL, which would tell them nothing.
    init(_ error: any Error, in directory: String) {
        switch error {
        case let error as JournalError:
            self = error
        case let error as SQLiteError where error.isDiskFull:
            self = .diskFull
        case let error as SQLiteError where Self.explainedCodes.contains(error.code & 0xFF):
            self = .unavailable(error.message)
        case let error as SQLiteError:
            self = .unavailable(
                "the journal in \(directory) refused a change (SQLite code \(error.code)); nothing was "
                    + "changed. This is a fault in the program: please report it")
        default:
            self = .unavailable("the journal in \(directory) could not be used: \(error)")
        }
    }
}
