/// What is said about a text that is no command.
enum CommandWords {
    // MARK: What is missing

    static let whichAppToBuild = CommandMistake(sentence: "Which app, and which branch?", verb: .build)
    static let whichAppToDeploy = CommandMistake(sentence: "Which app, where to, and which branch?", verb: .deploy)
    static let whatToCancel = CommandMistake(sentence: "What do you want to cancel? Name the app.", verb: .cancel)

    /// - Parameter app: nil when it is missing, too.
    static func whatToApprove(of app: String?) -> CommandMistake {
        CommandMistake(
            sentence: app.map { "In which environment does \(quoted($0)) wait?" }
                ?? "What do you want to approve? Name the app and the environment.", verb: .approve)
    }

    static func whichRepository(_ verb: Verb) -> CommandMistake {
        CommandMistake(sentence: "Which repository do you want to \(verb.rawValue)?", verb: verb)
    }

    static func whichBranch(of app: String, _ verb: Verb) -> CommandMistake {
        CommandMistake(sentence: "Which branch of \(quoted(app))?", verb: verb)
    }

    static func whereTo(_ app: String) -> CommandMistake {
        CommandMistake(sentence: "Where should \(quoted(app)) go, and which branch?", verb: .deploy)
    }

    static func whichEnvironment(for revision: String, of app: String) -> CommandMistake {
        CommandMistake(
            sentence: "To which environment should \(quoted(revision)) of \(quoted(app)) go?", verb: .deploy)
    }

    // MARK: What is wrong

    static func tooLong(bytes: Int, limit: Int) -> CommandMistake {
        CommandMistake(
            sentence: "That is too long for a command (\(bytes) bytes; \(limit) are the limit).", verb: nil)
    }

    static func unseen(_ scalar: Unicode.Scalar) -> CommandMistake {
        CommandMistake(
            sentence: "The command contains a character that can't be seen (\(scalar.codePoint)). "
                + "Type it again on one line.", verb: nil)
    }

    static func noRepositoryName(_ text: String, _ verb: Verb) -> CommandMistake {
        CommandMistake(
            sentence: "\(quoted(text)) can't be a repository's name. Use `name` or `org/name`, with letters, "
                + "digits, `-`, `_` and `.` only.", verb: verb)
    }

    static func noRevision(_ text: String, _ verb: Verb) -> CommandMistake {
        CommandMistake(
            sentence: text.hasPrefix("#")
                ? "\(quoted(text)) is no release. Releases are numbers, as in `#12`."
                : "\(quoted(text)) can't be the name of a branch, a tag or a commit.", verb: verb)
    }

    /// - Parameter arguments: app, branch and environment, the last two swapped.
    static func swapped(_ arguments: [String], _ verb: Verb) -> CommandMistake {
        CommandMistake(
            sentence: "The environment comes before the branch. Did you mean "
                + quoted("/iterapp \(verb.rawValue) \(arguments[0]) \(arguments[2]) \(arguments[1])") + "?",
            verb: verb)
    }

    static func tooMany(_ arguments: ArraySlice<String>, _ verb: Verb) -> CommandMistake {
        CommandMistake(
            sentence: "I don't know what to do with \(quoted(arguments.joined(separator: " "))).", verb: verb)
    }

    /// - Parameters:
    ///   - what: `command`, `environment`.
    ///   - nearest: what may have been meant.
    static func unknown(_ word: String, _ what: String, nearest: String?, _ verb: Verb?) -> CommandMistake {
        let guess = nearest.map { " Did you mean `\($0)`?" } ?? ""
        return CommandMistake(sentence: "I don't know the \(what) \(quoted(word)).\(guess)", verb: verb)
    }

    static func environments(after mistake: CommandMistake) -> CommandMistake {
        CommandMistake(
            sentence: "\(mistake.sentence) There are `prod`, `test` and `snap0` … `snap9`.", verb: mistake.verb)
    }
}
