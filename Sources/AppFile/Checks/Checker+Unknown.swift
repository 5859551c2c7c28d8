import TOML

// Keys that are unknown, or stand in the wrong place.
extension Checker {
    func misplaced(_ key: Key) -> String? {
        switch (role, key.reach) {
        case (.appling, .repository):
            "`\(key.name)` is about the whole repository; move it to the \(AppFile.fileName) at its root"
        case (.root(listsApplings: true), .own):
            """
            `\(key.name)` belongs to one appling, and this file lists several; move it to the \
            \(AppFile.fileName) in the appling's folder
            """
        default:
            nil
        }
    }

    // MARK: Unknown keys

    func unknown(_ entry: TOMLTable.Entry, _ keys: [Key], in scope: Scope) -> String {
        let name = entry.name
        let shown = scope.naming(name)
        if !scope.path.isEmpty, Keys.names.contains(name) { return trap(name, scope) }
        if let near = nearest(to: name, in: keys.map(\.name)) {
            return "unknown key `\(shown)`; did you mean `\(near)`?"
        }
        let homes = Keys.tables(with: name).map { "`\($0)`" }
        if !homes.isEmpty {
            let rest = homes.dropLast().joined(separator: ", ")
            let all = (rest.isEmpty ? "" : rest + " or ") + homes[homes.count - 1]
            return "`\(name)` belongs under \(all), not "
                + (scope.path.isEmpty ? "outside of any table" : "under \(scope.title)")
        }
        if !scope.path.isEmpty, let near = nearest(to: name, in: Keys.names) {
            return "unknown key `\(shown)`; if it is meant to be `\(near)`, \(moveOut(scope))"
        }
        if let near = relative(of: name, in: keys.map(\.name)) {
            return "unknown key `\(shown)`; did you mean `\(near)`?"
        }
        return "unknown key `\(shown)`; " + offer(keys, scope)
    }

    private func offer(_ keys: [Key], _ scope: Scope) -> String {
        if scope.path.isEmpty { return "\(AppFile.fileName) has no such setting" }
        if keys.isEmpty { return "\(scope.title) takes no settings" }
        let names = keys.map { "`\($0.name)`" }.joined(separator: ", ")
        return "\(scope.title) takes \(names)"
    }

    // MARK: The table that swallows what stands below it

    /// A setting that got into a table whose keys are free, and cannot be meant as one of them.
    func trapped(_ entry: TOMLTable.Entry, _ shape: Key.Shape, in scope: Scope) -> String? {
        guard scope.hasHeader else { return nil }
        if scope.siblings.contains(entry.name) {
            let outer = Scope(path: Array(scope.path.dropLast()))
            return """
                `\(entry.name)` stands under \(scope.title) (line \(scope.position.line)), so it belongs to that \
                table; move it above that line to make it a part of \(outer.title)
                """
        }
        guard Keys.names.contains(entry.name) else { return nil }
        switch (entry.value.content, shape) {
        case (.string, .variable): return nil
        // A table of that name was opened on purpose, unless it is a dotted key.
        case (.table(let table), .variable):
            return isReference(table) || table.form != .dotted ? nil : trap(entry.name, scope)
        case (.table, _): return nil
        default: return trap(entry.name, scope)
        }
    }

    /// A setting that stands right below `[cronjobs]` or `[files]`, where names of tables belong.
    func unnamed(_ entry: TOMLTable.Entry, _ shape: Key.Shape, in scope: Scope) -> String? {
        guard entry.value.table == nil, shape.keys.contains(where: { $0.name == entry.name }) else { return nil }
        let (header, what) = switch shape {
        case .tables: ("[[\(scope.naming("common"))]]", "an environment")
        default: ("[\(scope.naming("update"))]", "one task")
        }
        return """
            `\(entry.name)` is a setting of \(what); write it below a header of its own, such as `\(header)`
            """
    }

    /// A setting of the file that became an environment variable of the same name.
    func suspicious(_ entry: TOMLTable.Entry, in scope: Scope) -> String? {
        guard scope.path.first == "env", scope.hasHeader, Keys.names.contains(entry.name),
            entry.value.string != nil
        else { return nil }
        return """
            `\(entry.name)` stands under \(scope.title) (line \(scope.position.line)), so it becomes an \
            environment variable; if the setting is meant, \(moveOut(scope))
            """
    }

    private func trap(_ name: String, _ scope: Scope) -> String {
        guard scope.hasHeader else {
            return "`\(name)` is no key of \(scope.title), but a setting of its own; \(moveOut(scope))"
        }
        return """
            `\(name)` stands under \(scope.title) (line \(scope.position.line)), so it belongs to that \
            table; \(moveOut(scope))
            """
    }

    private func moveOut(_ scope: Scope) -> String {
        guard scope.hasHeader, let line = firstHeaderLine else { return "move it out of it" }
        return "move it above the first table, which begins on line \(line)"
    }
}
