import AppFile

/// Turns what somebody typed behind `/iterapp` into a `Command`. Pure.
package struct CommandParser: Sendable {
    let defaultOrganisation: String

    package init(defaultOrganisation: String) {
        self.defaultOrganisation = defaultOrganisation
    }

    static let maxTextBytes = 1_000

    package func parse(_ text: String) throws(CommandMistake) -> Command {
        let words = try split(text)
        guard let first = words.first else { return .help(nil) }
        guard let verb = Verb(rawValue: first.lowercased()) else {
            let known = Verb.allCases.map(\.rawValue)
            throw unknown(first, "command", among: known, verb: nearest(to: first, in: known).flatMap(Verb.init))
        }
        let arguments = Array(words.dropFirst())
        switch verb {
        case .help: return .help(try helpTopic(arguments))
        case .apps:
            try refuseMore(arguments, than: 0, verb)
            return .apps
        case .status:
            try refuseMore(arguments, than: 1, verb)
            guard let name = arguments.first else { return .status(nil) }
            return .status(try app(name, verb))
        case .register: return .register(try onlyApp(arguments, verb))
        case .deregister: return .deregister(try onlyApp(arguments, verb))
        case .build: return try build(arguments)
        case .deploy: return try deploy(arguments)
        case .cancel: return try cancel(arguments)
        case .approve: return try approve(arguments)
        case .audit: return .audit(try onlyApp(arguments, verb))
        }
    }

    private func split(_ text: String) throws(CommandMistake) -> [String] {
        guard text.utf8.count <= Self.maxTextBytes else {
            throw CommandMistake(
                sentence: "That is too long for a command (\(text.utf8.count) bytes; \(Self.maxTextBytes) are "
                    + "the limit).", verb: nil)
        }
        for scalar in text.trimmed.unicodeScalars where scalar != "\t" {
            let category = scalar.properties.generalCategory
            if scalar.properties.isBidiControl || category == .control || category == .format
                || category == .lineSeparator || category == .paragraphSeparator
            {
                throw CommandMistake(
                    sentence: "The command contains a character that can't be seen (\(scalar.codePoint)). "
                        + "Type it again on one line.", verb: nil)
            }
        }
        return text.split { $0.isWhitespace }.map(String.init)
    }

    private func helpTopic(_ arguments: [String]) throws(CommandMistake) -> Verb? {
        guard let topic = arguments.first else { return nil }
        guard let verb = Verb(rawValue: topic.lowercased()) else {
            throw unknown(topic, "command", among: Verb.allCases.map(\.rawValue), verb: .help)
        }
        return verb
    }

    private func onlyApp(_ arguments: [String], _ verb: Verb) throws(CommandMistake) -> AppID {
        guard let name = arguments.first else {
            throw CommandMistake(sentence: "Which repository do you want to \(verb.rawValue)?", verb: verb)
        }
        try refuseMore(arguments, than: 1, verb)
        return try app(name, verb)
    }

    private func build(_ arguments: [String]) throws(CommandMistake) -> Command {
        switch arguments.count {
        case 0: throw CommandMistake(sentence: "Which app, and which branch?", verb: .build)
        case 1:
            throw CommandMistake(sentence: "Which branch of \(quoted(arguments[0]))?", verb: .build)
        case 2: return .build(try app(arguments[0], .build), nil, try revision(arguments[1], .build))
        default:
            try refuseMore(arguments, than: 3, .build)
            return .build(
                try app(arguments[0], .build), try environment(arguments, .build),
                try revision(arguments[2], .build))
        }
    }

    private func deploy(_ arguments: [String]) throws(CommandMistake) -> Command {
        switch arguments.count {
        case 0: throw CommandMistake(sentence: "Which app, where to, and which branch?", verb: .deploy)
        case 1:
            throw CommandMistake(
                sentence: "Where should \(quoted(arguments[0])) go, and which branch?", verb: .deploy)
        case 2 where EnvironmentName(parsing: arguments[1]) != nil:
            throw CommandMistake(sentence: "Which branch of \(quoted(arguments[0]))?", verb: .deploy)
        case 2:
            throw CommandMistake(
                sentence: "To which environment should \(quoted(arguments[1])) of "
                    + "\(quoted(arguments[0])) go?", verb: .deploy)
        default:
            try refuseMore(arguments, than: 3, .deploy)
            return .deploy(
                try app(arguments[0], .deploy), try environment(arguments, .deploy),
                try revision(arguments[2], .deploy))
        }
    }
}

extension CommandParser {
    private func cancel(_ arguments: [String]) throws(CommandMistake) -> Command {
        guard let name = arguments.first else {
            throw CommandMistake(sentence: "What do you want to cancel? Name the app.", verb: .cancel)
        }
        try refuseMore(arguments, than: 2, .cancel)
        let app = try app(name, .cancel)
        return .cancel(app, arguments.count < 2 ? nil : try environment(named: arguments[1], .cancel))
    }

    private func approve(_ arguments: [String]) throws(CommandMistake) -> Command {
        guard arguments.count >= 2 else {
            throw CommandMistake(
                sentence: arguments.isEmpty
                    ? "What do you want to approve? Name the app and the environment."
                    : "In which environment does \(quoted(arguments[0])) wait?", verb: .approve)
        }
        try refuseMore(arguments, than: 2, .approve)
        return .approve(try app(arguments[0], .approve), try environment(named: arguments[1], .approve))
    }

    private func app(_ text: String, _ verb: Verb) throws(CommandMistake) -> AppID {
        if let app = AppID(parsing: text, defaultOrganisation: defaultOrganisation) { return app }
        throw CommandMistake(
            sentence: "\(quoted(text)) can't be a repository's name. Use `name` or `org/name`, with letters, "
                + "digits, `-`, `_` and `.` only.", verb: verb)
    }

    /// The second of three arguments; notices when it was swapped with the third.
    private func environment(_ arguments: [String], _ verb: Verb) throws(CommandMistake) -> EnvironmentName {
        if let environment = EnvironmentName(parsing: arguments[1]) { return environment }
        if EnvironmentName(parsing: arguments[2]) != nil {
            throw CommandMistake(
                sentence: "The environment comes before the branch. Did you mean "
                    + quoted("/iterapp \(verb.rawValue) \(arguments[0]) \(arguments[2]) \(arguments[1])") + "?",
                verb: verb)
        }
        return try environment(named: arguments[1], verb)
    }

    private func environment(named text: String, _ verb: Verb) throws(CommandMistake) -> EnvironmentName {
        if let environment = EnvironmentName(parsing: text) { return environment }
        let mistake = unknown(text, "environment", among: EnvironmentName.all.map(\.rawValue), verb: verb)
        throw CommandMistake(
            sentence: "\(mistake.sentence) There are `prod`, `test` and `snap0` … `snap9`.", verb: verb)
    }

    private func revision(_ text: String, _ verb: Verb) throws(CommandMistake) -> Revision {
        if let revision = Revision(text), !text.hasPrefix("#") || revision.releaseNumber != nil {
            return revision
        }
        throw CommandMistake(
            sentence: text.hasPrefix("#")
                ? "\(quoted(text)) is no release. Releases are numbers, as in `#12`."
                : "\(quoted(text)) can't be the name of a branch, a tag or a commit.", verb: verb)
    }

    private func refuseMore(_ arguments: [String], than count: Int, _ verb: Verb) throws(CommandMistake) {
        guard arguments.count > count else { return }
        throw CommandMistake(
            sentence: "I don't know what to do with \(quoted(arguments[count...].joined(separator: " "))).",
            verb: verb)
    }

    private func unknown(_ word: String, _ what: String, among known: [String], verb: Verb?) -> CommandMistake {
        let guess = nearest(to: word, in: known).map { " Did you mean `\($0)`?" } ?? ""
        return CommandMistake(sentence: "I don't know the \(what) \(quoted(word)).\(guess)", verb: verb)
    }
}
