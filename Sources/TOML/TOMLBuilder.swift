/// Collects the tables of a document while it is read, and enforces which of them may still be
/// added to (TOML 1.0, "Keys", "Table", "Inline Table", "Array of Tables").
///
/// Tables under construction lie in one flat list and name each other by index, so adding to
/// one costs the same however deep it is, and nothing recurses.
struct TOMLBuilder {
    private struct Draft {
        var members: [Member] = []
        var index = NameIndex()
        var form: TOMLTable.Form
        /// How many containers enclose this table.
        let depth: Int
    }

    private struct Member: Named {
        let name: String
        var position: TOMLPosition
        let content: Content
    }

    private enum Content {
        case value(TOMLValue)
        case table(Int)
        /// An array of tables, as an index into `lists`.
        case tables(Int)
    }

    /// A draft's index is always greater than its parent's.
    private var drafts: [Draft]
    private var lists: [[(position: TOMLPosition, table: Int)]] = []

    /// The document's own table.
    static let root = 0

    init() {
        drafts = [Draft(form: .header, depth: 0)]
    }

    func depth(of table: Int) -> Int { drafts[table].depth }
}

// MARK: Headers

extension TOMLBuilder {
    /// Opens the table of a header `[path]` and returns its index.
    mutating func openTable(_ path: TOMLKeyPath) throws(TOMLError) -> Int {
        let parent = try openParent(of: path)
        let key = path.last
        guard let found = find(key, in: parent) else {
            return try addTable(key, .header, to: parent)
        }
        let member = drafts[parent].members[found]
        guard case .table(let table) = member.content else {
            throw redefined(path, key, member, as: "a table")
        }
        switch drafts[table].form {
        case .implied:
            drafts[table].form = .header
            drafts[parent].members[found].position = key.position
            return table
        case .header:
            throw TOMLError(
                position: key.position,
                message: """
                    the table `[\(path)]` is defined twice; move its keys to the first one, on \
                    line \(member.position.line)
                    """)
        case .dotted, .inline:
            throw redefined(path, key, member, as: "a table")
        }
    }

    /// Opens a new last element of the array of tables of a header `[[path]]`.
    mutating func openElement(_ path: TOMLKeyPath) throws(TOMLError) -> Int {
        let parent = try openParent(of: path)
        let key = path.last
        let list: Int
        if let found = find(key, in: parent) {
            let member = drafts[parent].members[found]
            guard case .tables(let existing) = member.content else {
                throw redefined(path, key, member, as: "an array of tables")
            }
            list = existing
        } else {
            list = lists.count
            lists.append([])
            add(Member(name: key.name, position: key.position, content: .tables(list)), to: parent)
        }
        let element = try addDraft(.header, depth: drafts[parent].depth + 2, at: key.position)
        lists[list].append((key.position, element))
        return element
    }

    /// Follows all parts of a header but the last; missing tables are implied.
    private mutating func openParent(of path: TOMLKeyPath) throws(TOMLError) -> Int {
        var table = Self.root
        for key in path.leading {
            guard let found = find(key, in: table) else {
                table = try addTable(key, .implied, to: table)
                continue
            }
            let member = drafts[table].members[found]
            switch member.content {
            case .table(let next):
                table = next
            case .tables(let list):
                guard let last = lists[list].last else { throw closed(key, member) }
                table = last.table
            case .value:
                throw closed(key, member)
            }
        }
        return table
    }
}

// MARK: Keys with values

extension TOMLBuilder {
    /// Adds `path = value` to a table.
    mutating func set(
        _ path: TOMLKeyPath, _ value: TOMLValue, in table: Int
    ) throws(TOMLError) {
        var table = table
        for key in path.leading {
            guard let found = find(key, in: table) else {
                table = try addTable(key, .dotted, to: table)
                continue
            }
            let member = drafts[table].members[found]
            guard case .table(let next) = member.content else { throw closed(key, member) }
            switch drafts[next].form {
            case .dotted: break
            // Naming an implied table in a dotted key defines it, as its own header would.
            case .implied: drafts[next].form = .dotted
            case .header, .inline: throw closed(key, member)
            }
            table = next
        }
        let key = path.last
        if let found = find(key, in: table) {
            throw redefined(path, key, drafts[table].members[found], as: "a key")
        }
        add(Member(name: key.name, position: key.position, content: .value(value)), to: table)
    }

    private func find(_ key: TOMLKey, in table: Int) -> Int? {
        drafts[table].index.find(key.name, in: drafts[table].members)
    }

    private mutating func add(_ member: Member, to table: Int) {
        drafts[table].members.append(member)
        drafts[table].index.appended(to: drafts[table].members)
    }

    private mutating func addTable(
        _ key: TOMLKey, _ form: TOMLTable.Form, to table: Int
    ) throws(TOMLError) -> Int {
        let draft = try addDraft(form, depth: drafts[table].depth + 1, at: key.position)
        add(Member(name: key.name, position: key.position, content: .table(draft)), to: table)
        return draft
    }

    private mutating func addDraft(
        _ form: TOMLTable.Form, depth: Int, at position: TOMLPosition
    ) throws(TOMLError) -> Int {
        guard depth <= TOMLParser.maxNestingDepth else {
            throw TOMLParser.tooDeep(at: position)
        }
        drafts.append(Draft(form: form, depth: depth))
        return drafts.count - 1
    }
}

// MARK: Inline tables and the result

extension TOMLBuilder {
    /// Opens an inline table. Nothing else may be opened before `closeInline`.
    mutating func openInline(depth: Int, at position: TOMLPosition) throws(TOMLError) -> Int {
        try addDraft(.inline, depth: depth, at: position)
    }

    /// Opens a table that does not become a part of the document: for the keys below a header
    /// that is refused.
    mutating func openDetached() -> Int {
        drafts.append(Draft(form: .header, depth: 1))
        return drafts.count - 1
    }

    mutating func closeInline(_ table: Int) -> TOMLTable {
        let finished = finish(from: table)
        drafts.removeLast(drafts.count - table)
        return finished
    }

    /// Turns the drafts from index `first` on into the table that `first` stands for.
    func finish(from first: Int = root) -> TOMLTable {
        var tables: [TOMLTable] = []
        tables.reserveCapacity(drafts.count - first)
        // Children come after their parents: going backwards meets every child first. The
        // list is filled from its end, so a draft's table is at `drafts.count - 1 - index`.
        for draft in drafts[first...].reversed() {
            let entries = draft.members.map { member in
                TOMLTable.Entry(
                    name: member.name, position: member.position,
                    value: finished(member) { tables[drafts.count - 1 - $0] })
            }
            tables.append(TOMLTable(entries: entries, form: draft.form, index: draft.index))
        }
        return tables[tables.count - 1]
    }

    private func finished(_ member: Member, _ table: (Int) -> TOMLTable) -> TOMLValue {
        switch member.content {
        case .value(let value):
            value
        case .table(let draft):
            TOMLValue(.table(table(draft)), at: member.position)
        case .tables(let list):
            TOMLValue(
                .array(lists[list].map { TOMLValue(.table(table($0.table)), at: $0.position) }),
                at: member.position)
        }
    }
}

// MARK: Sentences

extension TOMLBuilder {
    private func redefined(
        _ path: TOMLKeyPath, _ key: TOMLKey, _ first: Member, as new: String
    ) -> TOMLError {
        let line = first.position.line
        let known = kind(of: first)
        let message =
            new == "a key" && known == "a value"
            ? "`\(path)` is given twice; the first one is on line \(line)"
            : "`\(path)` cannot be \(new) here: it is \(known) since line \(line)"
        return TOMLError(position: key.position, message: message)
    }

    /// Something that is complete, or no table, is named as if a key could be added to it.
    private func closed(_ key: TOMLKey, _ member: Member) -> TOMLError {
        TOMLError(
            position: key.position,
            message: """
                nothing can be added to `\(key)` here: it is \(kind(of: member)) since line \
                \(member.position.line)
                """)
    }

    private func kind(of member: Member) -> String {
        switch member.content {
        case .tables: return "an array of tables"
        case .table(let table):
            switch drafts[table].form {
            case .dotted: return "a table made by dotted keys"
            case .header, .implied, .inline: return "a table with its own header"
            }
        case .value(let value):
            switch value.content {
            case .table: return "a complete inline table"
            case .array: return "a complete array"
            default: return "a value"
            }
        }
    }
}
