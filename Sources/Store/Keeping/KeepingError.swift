import Foundation
import SQLite

/// Why a journal can't be copied, checked or put back: a sentence for the operator.
package struct KeepingError: Error, Sendable, Equatable, CustomStringConvertible {
    package let sentence: String
    package init(_ sentence: String) { self.sentence = sentence }
    package var description: String { sentence }

    /// What a system call said of a file, just now.
    static func system(_ what: String) -> KeepingError {
        let code = errno
        let advice = code == ENOSPC || code == EDQUOT ? "; free some space" : ""
        return KeepingError("\(what): \(String(cString: strerror(code)))\(advice).")
    }

    /// SQLite's sentences name the file and say what to do.
    init(_ error: any Error) {
        switch error {
        case let error as KeepingError: self = error
        case let error as SQLiteError: self.init(error.message + ".")
        default: self.init("\(error).")
        }
    }
}
