import TOML

// The values of environment variables and of build secrets.
extension Checker {
    private static let reference = Keys.reference + Keys.sealed

    mutating func checkVariable(_ value: TOMLValue, _ name: String, _ scope: Scope) {
        switch value.content {
        case .string(let text):
            let bytes = text.utf8.count + (scope.path.last?.utf8.count ?? 0) + 2
            if text.utf8.contains(0) {
                problems.add(value.position, "\(name) cannot contain U+0000")
            } else if bytes > Format.maxArgumentBytes {
                problems.add(
                    value.position,
                    "\(name) is longer than the \(Format.maxArgumentBytes) bytes that Linux allows")
            }
        case .table(let table) where isDottedName(table):
            problems.add(
                value.position, "\(name) contains a dot without quotes; put the variable's name in quotes")
        case .table(let table):
            checkEntries(table, Self.reference, in: scope)
            checkReference(table, value.position, name)
        default:
            wrong(value, .variable, name)
        }
    }

    /// `a.b = "x"`, which TOML reads as a table `a`, where a variable of the name `a.b` is meant.
    private func isDottedName(_ table: TOMLTable) -> Bool {
        table.form == .dotted && !isReference(table)
    }

    func isReference(_ table: TOMLTable) -> Bool {
        table.entries.contains { entry in Self.reference.contains { $0.name == entry.name } }
    }

    private mutating func checkReference(
        _ table: TOMLTable, _ position: TOMLPosition, _ name: String
    ) {
        switch (table["encrypted"] != nil, table["secret"] != nil, table["key"] != nil) {
        case (true, false, false):
            break
        case (true, _, _):
            problems.add(position, "\(name) is either { encrypted } or { secret, key }, not both")
        case (false, true, false):
            problems.add(position, "\(name) needs the `key` of the Secret that holds its value")
        case (false, false, true):
            problems.add(position, "\(name) needs the name of the `secret` that holds its value")
        case (false, false, false) where table.entries.isEmpty:
            problems.add(position, "\(name) needs { secret = \"…\", key = \"…\" }")
        case (false, _, _):
            break
        }
    }

    mutating func checkEncrypted(_ value: TOMLValue, _ name: String, _ scope: Scope) {
        guard let table = value.table, table["encrypted"] != nil else {
            return wrong(value, .encrypted, name)
        }
        check(table, Keys.sealed, in: scope)
    }
}
