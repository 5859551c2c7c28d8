import AppFile
import Deploys
import TOML

/// A key of an environment's rule.
enum RuleKey: String, CaseIterable {
    case deploy
    case needsApproval = "needs_approval"
    case approve, channels
}

extension PolicyFileCheck {
    /// - Parameter name: the table's, as in `teams.cats.environments`.
    mutating func rules(
        _ entry: TOMLTable.Entry, _ name: String
    ) -> [Policy.EnvironmentClass: Policy.Rule] {
        guard let table = entry.value.table else {
            add(entry.value.position, "`\(name)` must be a table; write `[\(name).prod]`")
            return [:]
        }
        var rules: [Policy.EnvironmentClass: Policy.Rule] = [:]
        for entry in table.entries {
            guard let environment = Policy.EnvironmentClass(rawValue: entry.name) else {
                add(entry.position, unknownEnvironment(entry.name, name))
                continue
            }
            rules[environment] = rule(entry, "\(name).\(entry.name)")
        }
        return rules
    }

    /// What somebody probably meant by another word.
    static func environment(_ word: String) -> Policy.EnvironmentClass? {
        if let name = EnvironmentName(parsing: word) { return Policy.EnvironmentClass(name) }
        let known = Policy.EnvironmentClass.allCases
        return known.first { word.lowercased().hasPrefix($0.rawValue) }
            ?? nearest(to: word, in: known.map(\.rawValue)).flatMap(Policy.EnvironmentClass.init(rawValue:))
    }

    private func unknownEnvironment(_ word: String, _ table: String) -> String {
        let shown = TOMLText.key(word)
        if RuleKey(rawValue: word) != nil {
            return "`\(shown)` must say for which environment; write it below a header such as `[\(table).prod]`"
        }
        if let name = EnvironmentName(parsing: word), name.isSnap {
            return "`\(shown)` has no rule of its own; `[\(table).snap]` is about all of snap0 to snap9"
        }
        let all = "there are `prod`, `test` and `snap`"
        guard let near = Self.environment(word) else { return "unknown environment `\(shown)`; \(all)" }
        return "unknown environment `\(shown)`; did you mean `\(near.rawValue)`? \(all.prefix(1).uppercased())"
            + all.dropFirst()
    }

    private mutating func rule(_ entry: TOMLTable.Entry, _ name: String) -> Policy.Rule {
        guard let table = entry.value.table else {
            add(
                entry.value.position,
                "`\(name)` must be a table; write `[\(name)]` and below it `deploy = [\"team\"]`")
            return Policy.Rule()
        }
        var rule = Policy.Rule()
        for entry in table.entries {
            switch RuleKey(rawValue: entry.name) {
            case .deploy: rule.deploy = holders(entry, "\(name).\(entry.name)")
            case .approve: rule.approve = holders(entry, "\(name).\(entry.name)")
            case .channels: rule.channels = channels(entry, "\(name).\(entry.name)")
            case .needsApproval:
                rule.needsApproval = entry.value.boolean
                if rule.needsApproval == nil {
                    add(entry.value.position, "`\(name).\(entry.name)` must be true or false")
                }
            case nil: add(entry.position, Self.unknown(entry.name, RuleKey.allCases.map(\.rawValue), in: "[\(name)]"))
            }
        }
        if rule.needsApproval == false, let useless = table.entry(RuleKey.approve.rawValue) {
            add(useless.position, "`approve` says who gives an approval that `needs_approval = false` does not ask for")
        }
        return rule
    }

    // MARK: - Lists

    /// The texts of a list that may not be empty, each once.
    mutating func texts(
        _ entry: TOMLTable.Entry, _ name: String, of what: String
    ) -> [(text: String, at: TOMLPosition)] {
        guard let values = entry.value.array else {
            let hint = entry.value.string.map { "; put it in brackets: [\"\(TOMLText.plain($0))\"]" } ?? ""
            add(entry.value.position, "`\(name)` must be a list of \(what)\(hint)")
            return []
        }
        guard !values.isEmpty else {
            add(entry.value.position, "`\(name)` is empty; leave it out, or list \(what)")
            return []
        }
        if values.count > PolicyFile.maxEntriesPerList {
            add(
                values[PolicyFile.maxEntriesPerList].position,
                "`\(name)` lists \(values.count) entries; at most \(PolicyFile.maxEntriesPerList) are possible")
        }
        var texts: [(text: String, at: TOMLPosition)] = []
        var seen: Set<String> = []
        for value in values.prefix(PolicyFile.maxEntriesPerList) {
            guard let text = value.string else {
                add(value.position, "each entry of `\(name)` must be a text in quotes")
                continue
            }
            guard seen.insert(text).inserted else {
                add(value.position, "`\(TOMLText.plain(text))` is listed twice")
                continue
            }
            texts.append((text, value.position))
        }
        return texts
    }

    /// Nil when nothing useful is listed, which was said.
    mutating func holders(_ entry: TOMLTable.Entry, _ name: String) -> [Policy.Holder]? {
        let what = "`anyone`, `team`, `team:NAME`, and ids of people and user groups"
        let holders = texts(entry, name, of: what).compactMap { text, position in
            do throws(PolicyNameFault) {
                return try PolicyName.holder(text, teams: teamNames)
            } catch {
                add(position, error.sentence)
                return nil
            }
        }
        return holders.isEmpty ? nil : holders
    }

    private mutating func channels(_ entry: TOMLTable.Entry, _ name: String) -> [String]? {
        let channels = texts(entry, name, of: "channels").compactMap { text, position -> String? in
            if let fault = PolicyName.fault(inChannel: text) {
                add(position, fault)
                return nil
            }
            return text
        }
        return channels.isEmpty ? nil : channels
    }
}
