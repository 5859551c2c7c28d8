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
            throw CommandWords.tooLong(bytes: text.utf8.count, limit: Self.maxTextBytes)
        }
        // As nearly all commands are: nothing has to be looked up in Unicode's tables.
        if text.isPlain(besides: UInt8(ascii: "\t")) {
            return text.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map { String(Substring($0)) }
        }
        for scalar in text.trimmed.unicodeScalars where scalar != "\t" {
            let category = scalar.properties.generalCategory
            if scalar.properties.isBidiControl || category == .control || category == .format
                || category == .lineSeparator || category == .paragraphSeparator
            {
                throw CommandWords.unseen(scalar)
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
            throw CommandWords.whichRepository(verb)
        }
        try refuseMore(arguments, than: 1, verb)
        return try app(name, verb)
    }

    private func build(_ arguments: [String]) throws(CommandMistake) -> Command {
        switch arguments.count {
        case 0: throw CommandWords.whichAppToBuild
        case 1: throw CommandWords.whichBranch(of: arguments[0], .build)
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
        case 0: throw CommandWords.whichAppToDeploy
        case 1: throw CommandWords.whereTo(arguments[0])
        case 2 where EnvironmentName(parsing: arguments[1]) != nil:
            throw CommandWords.whichBranch(of: arguments[0], .deploy)
        case 2: throw CommandWords.whichEnvironment(for: arguments[1], of: arguments[0])
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
            throw CommandWords.whatToCancel
        }
        try refuseMore(arguments, than: 2, .cancel)
        let app = try app(name, .cancel)
        return .cancel(app, arguments.count < 2 ? nil : try environment(named: arguments[1], .cancel))
    }

    private func approve(_ arguments: [String]) throws(CommandMistake) -> Command {
        guard arguments.count >= 2 else {
            throw CommandWords.whatToApprove(of: arguments.first)
        }
        try refuseMore(arguments, than: 2, .approve)
        return .approve(try app(arguments[0], .approve), try environment(named: arguments[1], .approve))
    }

    private func app(_ text: String, _ verb: Verb) throws(CommandMistake) -> AppID {
        if let app = AppID(parsing: text, defaultOrganisation: defaultOrganisation) { return app }
        throw CommandWords.noRepositoryName(text, verb)
    }

    /// The second of three arguments; notices when it was swapped with the third.
    private func environment(_ arguments: [String], _ verb: Verb) throws(CommandMistake) -> EnvironmentName {
        if let environment = EnvironmentName(parsing: arguments[1]) { return environment }
        if EnvironmentName(parsing: arguments[2]) != nil {
            throw CommandWords.swapped(arguments, verb)
        }
        return try environment(named: arguments[1], verb)
    }

    private func environment(named text: String, _ verb: Verb) throws(CommandMistake) -> EnvironmentName {
        if let environment = EnvironmentName(parsing: text) { return environment }
        throw CommandWords.environments(
            after: unknown(text, "environment", among: EnvironmentName.all.map(\.rawValue), verb: verb))
    }

    private func revision(_ text: String, _ verb: Verb) throws(CommandMistake) -> Revision {
        if let revision = Revision(text), !text.hasPrefix("#") || revision.releaseNumber != nil {
            return revision
        }
        throw CommandWords.noRevision(text, verb)
    }

    private func refuseMore(_ arguments: [String], than count: Int, _ verb: Verb) throws(CommandMistake) {
        guard arguments.count > count else { return }
        throw CommandWords.tooMany(arguments[count...], verb)
    }

    private func unknown(_ word: String, _ what: String, among known: [String], verb: Verb?) -> CommandMistake {
        CommandWords.unknown(word, what, nearest: nearest(to: word, in: known), verb)
    }
}
