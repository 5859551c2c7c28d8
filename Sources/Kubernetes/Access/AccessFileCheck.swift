import AppFile
import TOML

/// Goes through the access file and collects all that is wrong with it.
struct AccessFileCheck {
    let path: String
    private(set) var problems: [Problem] = []

    private static let root = "namespaces"
    /// What every app's namespace begins with.
    private static let prefix = "apps-"
    private static let groupPrefix = "group:"
    private static let maxLabelBytes = 63

    init(path: String) { self.path = path }

    mutating func add(_ position: TOMLPosition, _ message: String) {
        guard problems.count < AccessFile.maxProblems else { return }
        problems.append(Problem(path: path, line: position.line, column: position.column, message: message))
    }

    mutating func grants(_ document: TOMLTable) -> AccessGrants {
        var grants = AccessGrants()
        for entry in document.entries {
            guard entry.name == Self.root else {
                add(entry.position, unknownRoot(entry))
                continue
            }
            guard let table = entry.value.table else {
                add(entry.value.position, "`namespaces` must be a table; write `[namespaces.apps-cats-prod]`")
                continue
            }
            if let first = table.entries.dropFirst(AccessFile.maxNamespaces).first {
                add(first.position, "more than \(AccessFile.maxNamespaces) namespaces are not possible")
            }
            for entry in table.entries.prefix(AccessFile.maxNamespaces) {
                if let granted = namespace(entry) { grants.namespaces[entry.name] = granted }
            }
        }
        return grants
    }

    private func unknownRoot(_ entry: TOMLTable.Entry) -> String {
        let name = TOMLText.key(entry.name)
        if nearest(to: entry.name, in: [Self.root]) != nil {
            return "unknown key `\(name)`; did you mean `namespaces`?"
        }
        if AccessLevel(rawValue: entry.name) != nil {
            return "`\(name)` stands outside of a namespace; write it below a header such as "
                + "`[namespaces.apps-cats-prod]`"
        }
        if entry.name.hasPrefix(Self.prefix) { return "unknown key `\(name)`; did you mean `[namespaces.\(name)]`?" }
        return "unknown key `\(name)`; the file has tables such as `[namespaces.apps-cats-prod]` only"
    }

    // MARK: - A namespace

    private mutating func namespace(_ entry: TOMLTable.Entry) -> [AccessLevel: [AccessSubject]]? {
        let name = TOMLText.key(entry.name)
        let isLevel = AccessLevel(rawValue: entry.name) != nil && entry.value.array != nil
        if isLevel {
            add(entry.position, "`\(name)` must say in which namespace; write it below `[namespaces.apps-cats-prod]`")
            return nil
        }
        if let fault = Self.fault(inNamespace: entry.name) { add(entry.position, "`\(name)` \(fault)") }
        guard let table = entry.value.table else {
            add(entry.value.position, "`namespaces.\(name)` must be a table with `edit` and `view`")
            return nil
        }
        var granted: [AccessLevel: [AccessSubject]] = [:]
        for entry in table.entries {
            guard let level = AccessLevel(rawValue: entry.name) else {
                add(entry.position, unknownLevel(entry.name, of: name))
                continue
            }
            let subjects = subjects(entry, "`namespaces.\(name).\(entry.name)`")
            if !subjects.isEmpty { granted[level] = subjects }
        }
        return granted
    }

    private static func fault(inNamespace name: String) -> String? {
        let isLabel = !name.isEmpty && name.utf8.count <= maxLabelBytes && !name.hasPrefix("-") && !name.hasSuffix("-")
            && name.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (0x30...0x39).contains($0)
                    || $0 == UInt8(ascii: "-")
            }
        guard isLabel else {
            return "is no namespace: those have up to \(maxLabelBytes) lower-case letters, digits and “-”"
        }
        guard !name.hasPrefix(prefix) else { return nil }
        return "is no app's namespace: those begin with “\(prefix)”; did you mean `\(prefix)\(name)`?"
    }

    private func unknownLevel(_ name: String, of namespace: String) -> String {
        let shown = TOMLText.key(name)
        if let near = nearest(to: name, in: AccessLevel.allCases.map(\.rawValue)) {
            return "unknown key `\(shown)`; did you mean `\(near)`?"
        }
        return "unknown key `\(shown)`; `[namespaces.\(namespace)]` takes `edit` and `view`"
    }

    // MARK: - A list

    private mutating func subjects(_ entry: TOMLTable.Entry, _ name: String) -> [AccessSubject] {
        guard let values = entry.value.array else {
            let hint = entry.value.string.map { "; put it in brackets: [\"\(TOMLText.plain($0))\"]" } ?? ""
            add(entry.value.position, "\(name) must be a list of people and groups\(hint)")
            return []
        }
        if values.count > AccessFile.maxSubjectsPerList {
            add(
                values[AccessFile.maxSubjectsPerList].position,
                "\(name) lists \(values.count) entries; at most \(AccessFile.maxSubjectsPerList) are possible, "
                    + "use a group")
        }
        var subjects: [AccessSubject] = []
        for value in values.prefix(AccessFile.maxSubjectsPerList) {
            guard let subject = subject(value, name) else { continue }
            if subjects.contains(subject) {
                add(value.position, "`\(TOMLText.plain(value.string ?? ""))` is listed twice")
            } else {
                subjects.append(subject)
            }
        }
        return subjects
    }

    private mutating func subject(_ value: TOMLValue, _ name: String) -> AccessSubject? {
        guard let text = value.string else {
            add(value.position, "each entry of \(name) must be a text, such as \"kari@example.com\"")
            return nil
        }
        let isGroup = text.hasPrefix(Self.groupPrefix)
        let bare = isGroup ? String(text.dropFirst(Self.groupPrefix.count)) : text
        if let fault = Self.fault(inSubject: bare, isGroup: isGroup) {
            add(value.position, "`\(TOMLText.plain(text))` \(fault)")
            return nil
        }
        return AccessSubject(isGroup ? .group : .user, bare)
    }

    private static func fault(inSubject name: String, isGroup: Bool) -> String? {
        if name.isEmpty { return isGroup ? "names no group" : "names nobody" }
        if name.utf8.count > AccessFile.maxSubjectBytes {
            return "is longer than \(AccessFile.maxSubjectBytes) bytes"
        }
        let isVisible = name.unicodeScalars.allSatisfy {
            !$0.properties.isWhitespace && $0.properties.generalCategory != .control
        }
        if !isVisible { return "must be one name without spaces" }
        let prefix = name.prefix { $0 != ":" }
        if !isGroup, prefix.count < name.count, prefix != "group",
            ["group", "groups"].contains(prefix.lowercased())
        {
            let bare = String(name.dropFirst(prefix.count + 1))
            return "looks like a group; write `\(groupPrefix)\(TOMLText.plain(bare))`"
        }
        return nil
    }
}
