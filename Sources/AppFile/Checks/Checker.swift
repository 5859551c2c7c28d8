import TOML

/// Compares one `iterapp.toml` with the list of keys.
///
/// It knows shapes, not meaning: `Agreement` looks at values that have to agree with each other.
struct Checker {
    /// Which of a repository's files this is.
    enum Role {
        case root(listsApplings: Bool)
        case appling
    }

    /// A table that is being looked at.
    struct Scope {
        /// The names that lead to it; empty for the file itself.
        var path: [String] = []
        /// Where the table begins.
        var position = TOMLPosition(line: 1, column: 1)
        /// Whether it has a header, so that a key can get into it by standing below.
        var hasHeader = false
        /// The other keys of the table around it, if that is not the file itself.
        var siblings: [String] = []

        func naming(_ name: String) -> String {
            (path + [name]).map(TOMLText.key).joined(separator: ".")
        }

        func inside(_ entry: TOMLTable.Entry) -> Scope {
            Scope(
                path: path + [entry.name], position: entry.position,
                hasHeader: entry.value.table?.form == .header)
        }

        var title: String { "`[" + path.map(TOMLText.key).joined(separator: ".") + "]`" }
    }

    let role: Role
    let root: TOMLTable
    /// False when a part of the file could not be read; then nothing may be said about what is missing.
    let isComplete: Bool
    /// Where the first table begins, above which settings of the file itself stand.
    let firstHeaderLine: Int?
    var problems: ProblemList

    init(role: Role, root: TOMLTable, isComplete: Bool, problems: ProblemList) {
        self.role = role
        self.root = root
        self.isComplete = isComplete
        firstHeaderLine = Self.firstHeaderLine(root)
        self.problems = problems
    }

    private static func firstHeaderLine(_ table: TOMLTable) -> Int? {
        table.entries.compactMap { entry in
            guard let inner = entry.value.table ?? entry.value.array?.first?.table,
                inner.form == .header || inner.form == .implied
            else { return nil }
            return min(entry.position.line, firstHeaderLine(inner) ?? .max)
        }.min()
    }

    mutating func check(_ table: TOMLTable, _ keys: [Key], in scope: Scope) {
        checkEntries(table, keys, in: scope)
        checkMissing(table, keys, in: scope)
    }

    mutating func checkEntries(_ table: TOMLTable, _ keys: [Key], in scope: Scope) {
        for entry in table.entries where !problems.isFull {
            guard let key = keys.first(where: { $0.name == entry.name }) else {
                problems.add(entry.position, unknown(entry, keys, in: scope))
                continue
            }
            if scope.path.isEmpty, let sentence = misplaced(key) {
                problems.add(entry.position, sentence)
            }
            var inner = scope.inside(entry)
            if !scope.path.isEmpty { inner.siblings = keys.map(\.name) }
            check(entry.value, key.shape, "`\(scope.naming(entry.name))`", inner)
        }
    }

    private mutating func checkMissing(_ table: TOMLTable, _ keys: [Key], in scope: Scope) {
        guard isComplete else { return }
        let names = keys.map(\.name)
        for key in keys where key.isRequired && table[key.name] == nil {
            // It is not missing but misspelt, which was reported.
            let isMisspelt = table.entries.prefix(100).contains { entry in
                !names.contains(entry.name) && nearest(to: entry.name, in: names) == key.name
            }
            guard !isMisspelt else { continue }
            problems.add(scope.position, "\(scope.title) needs a `\(key.name)`: \(key.shape.expectation)")
        }
    }

    // MARK: Values

    /// - Parameter name: how the value is called in sentences.
    private mutating func check(
        _ value: TOMLValue, _ shape: Key.Shape, _ name: String, _ scope: Scope
    ) {
        switch shape {
        case .flag: expect(value.boolean != nil, value, shape, name)
        case .whole(let range): expect(value.integer.map(range.contains) ?? false, value, shape, name)
        case .podCount: expect(PodCount(value) != nil, value, shape, name)
        case .text(let format): check(value, format, name)
        case .list(let format, let maxCount): check(value, format, maxCount, shape, name)
        case .table(let keys):
            guard let table = value.table else { return wrong(value, shape, name) }
            check(table, keys, in: scope)
        case .tables(let keys, let maxCount): checkTables(value, keys, maxCount, shape, name, scope)
        case .named(let names, let shape): checkNamed(value, names, shape, name, scope)
        case .variable: checkVariable(value, name, scope)
        case .encrypted: checkEncrypted(value, name, scope)
        }
    }

    private mutating func check(_ value: TOMLValue, _ format: Format, _ name: String) {
        guard let text = value.string else { return wrong(value, .text(format), name) }
        switch format.verdict(on: text) {
        case .right: break
        case .doubtful(let sentence): problems.add(value.position, sentence, .warning)
        case .wrong(let advice): wrong(value, .text(format), name, advice)
        }
    }

    private mutating func check(
        _ value: TOMLValue, _ format: Format, _ maxCount: Int, _ shape: Key.Shape, _ name: String
    ) {
        guard let values = value.array else { return wrong(value, shape, name) }
        checkCount(values.map(\.position), maxCount, name)
        for element in values.prefix(maxCount) { check(element, format, "each entry of \(name)") }
    }

    private mutating func checkTables(
        _ value: TOMLValue, _ keys: [Key], _ maxCount: Int, _ shape: Key.Shape, _ name: String, _ scope: Scope
    ) {
        guard let elements = value.array else { return wrong(value, shape, name) }
        checkCount(elements.map(\.position), maxCount, name)
        for element in elements.prefix(maxCount) {
            guard let table = element.table else { return wrong(element, shape, name) }
            var scope = scope
            scope.position = element.position
            scope.hasHeader = table.form == .header
            check(table, keys, in: scope)
        }
    }

    private mutating func checkNamed(
        _ value: TOMLValue, _ names: Names, _ shape: Key.Shape, _ name: String, _ scope: Scope
    ) {
        guard let table = value.table else { return wrong(value, .named(names, shape), name) }
        checkCount(table.entries.map(\.position), names.maxCount, name)
        for entry in table.entries.prefix(names.maxCount) where !problems.isFull {
            if let sentence = trapped(entry, shape, in: scope) {
                problems.add(entry.position, sentence)
                continue
            }
            if let sentence = unnamed(entry, shape, in: scope) {
                problems.add(entry.position, sentence)
                continue
            }
            if let fault = names.fault(in: entry.name) {
                problems.add(
                    entry.position, faulty(entry, fault, shape, scope.naming(entry.name)))
                // What is in a table has its own mistakes, whatever its name.
                if entry.value.table == nil { continue }
            } else if let sentence = suspicious(entry, in: scope) {
                problems.add(entry.position, sentence, .warning)
            }
            check(entry.value, shape, "`\(scope.naming(entry.name))`", scope.inside(entry))
        }
    }

    private mutating func checkCount(_ positions: [TOMLPosition], _ maxCount: Int, _ name: String) {
        guard positions.count > maxCount else { return }
        problems.add(
            positions[maxCount], "\(name) lists \(positions.count) entries; at most \(maxCount) are possible")
    }

    private func faulty(
        _ entry: TOMLTable.Entry, _ fault: String, _ shape: Key.Shape, _ name: String
    ) -> String {
        // `[env]` with variables right below it: the name is fine, the table is missing.
        if case .named(.variables, _) = shape, entry.value.table == nil {
            return """
                `\(name)` must be a table; write variables of all environments below \
                `[env.common]`, those of one below its own, such as `[env.prod]`
                """
        }
        return "`\(name)` \(fault)"
    }

    private mutating func expect(
        _ isRight: Bool, _ value: TOMLValue, _ shape: Key.Shape, _ name: String
    ) {
        if !isRight { wrong(value, shape, name) }
    }

    mutating func wrong(
        _ value: TOMLValue, _ shape: Key.Shape, _ name: String, _ advice: String? = nil
    ) {
        problems.add(value.position, Sentences.wrong(value, shape, name, advice))
    }
}
