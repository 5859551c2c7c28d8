/// Why a tool can't do what it was asked for: a sentence for the person at the terminal.
package struct InputProblem: Error, Sendable, Equatable, CustomStringConvertible {
    package let sentence: String
    package init(_ sentence: String) { self.sentence = sentence }
    package var description: String { sentence }
}

/// The words behind a subcommand are wrong: a sentence says which.
package struct WrongUsage: Error, Sendable, Equatable {
    package let sentence: String
    package init(_ sentence: String) { self.sentence = sentence }
}
