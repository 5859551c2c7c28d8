import Bot

/// The words behind a subcommand, sorted: options with their values, flags, and what is left.
struct Arguments {
    private let command: String
    private var values: [String: [String]] = [:]
    private(set) var flags: Set<String> = []
    private(set) var words: [String] = []

    /// - Parameters:
    ///   - options: that need a value, as `--port 80` or `--port=80`.
    ///   - flags: that stand alone.
    init(
        _ arguments: [String], of command: String, options: Set<String>, flags: Set<String> = [], maxWords: Int = 0
    ) throws(WrongUsage) {
        self.command = command
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--" {
                words += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                words.append(word)
                continue
            }
            let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if flags.contains(word) {
                self.flags.insert(word)
            } else if options.contains(halves[0]) {
                let value = halves.count > 1 ? halves[1] : rest.first?.hasPrefix("--") == true ? nil : rest.popFirst()
                guard let value, !value.isEmpty else { throw WrongUsage("\(halves[0]) needs a value.") }
                values[halves[0], default: []].append(value)
            } else {
                throw WrongUsage("\(command) has no option \(halves[0]).")
            }
        }
        guard words.count <= maxWords else { throw WrongUsage("\(command) takes no \(words[maxWords]).") }
    }

    /// Every value that an option was given, in order.
    func all(_ option: String) -> [String] { values[option] ?? [] }

    /// Nil when it is not there.
    func value(_ option: String) throws(WrongUsage) -> String? {
        let all = all(option)
        guard all.count < 2 else { throw WrongUsage("\(option) is given twice.") }
        return all.first
    }

    func required(_ option: String) throws(WrongUsage) -> String {
        guard let value = try value(option) else { throw WrongUsage("\(command) needs \(option).") }
        return value
    }
}
