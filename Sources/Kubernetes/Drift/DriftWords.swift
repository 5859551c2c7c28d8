import JSON

/// What was found different, in sentences for the app's people.
enum DriftWords {
    static func deleted(_ object: JSON) -> String { "The \(object.label) was deleted." }

    static func replaced(_ object: JSON) -> String {
        "The \(object.label) was deleted, and another one made in its place."
    }

    static func namespaceDeleted(_ name: String) -> String {
        "The namespace \(name) was deleted, with everything in it."
    }

    /// - Parameter deployment: of an appling.
    static func begunWithOther(_ deployment: JSON) -> String {
        "The pods of \(deployment.at("metadata", "name")?.string ?? "") had begun with a Secret that was made anew "
            + "since; they were restarted."
    }

    /// One sentence for each manager and way of changing.
    static func changed(_ object: JSON, _ differences: [FieldDifference]) -> [String] {
        var groups: [(owner: FieldOwner?, change: FieldDifference.Change, paths: [FieldPath])] = []
        for difference in differences {
            let index = groups.firstIndex { $0.owner == difference.owner && $0.change == difference.change }
            if let index {
                groups[index].paths.append(difference.path)
            } else {
                groups.append((difference.owner, difference.change, [difference.path]))
            }
        }
        return groups.map { group in
            let subject = FieldWords(object).subject(group.paths)
            let verb = group.change == .changed ? "changed" : "removed"
            return "\(subject.text.capitalizedFirst) \(subject.isPlural ? "were" : "was") \(verb)"
                + "\(group.owner.map(by) ?? "")."
        }
    }

    /// Tools are worked with by people; controllers work by themselves.
    private static func by(_ owner: FieldOwner) -> String {
        let isTool = ["kubectl", "helm", "k9s"].contains { owner.manager.lowercased().hasPrefix($0) }
        return " \(isTool ? "with" : "by") \(owner.manager)" + moment(owner.time)
    }

    /// Of `2026-11-20T23:25:51Z`, what people need.
    private static func moment(_ time: String) -> String {
        let parts = time.split(separator: "T")
        guard parts.count == 2, time.hasSuffix("Z") else { return "" }
        return " (\(parts[0]) \(parts[1].prefix(5)) UTC)"
    }
}
