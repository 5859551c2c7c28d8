/// What people read of data that stays.
enum KeptDataWords {
    /// Settings do not ask for it any more.
    static func takenOut(_ whereabouts: String) -> String {
        "iterapp.toml does not ask for \(whereabouts) any more. Nothing in there was deleted, and nobody else gets it."
    }

    /// The app is deregistered. Empty when there is nothing to say.
    static func staysBehind(_ data: KeptData.Found) -> String {
        let known = data.whereabouts.isEmpty ? [] : ["Its data stays: \(list(data.whereabouts))."]
        return (known + doubt(data)).joined(separator: " ")
    }

    /// The same as lines of their own.
    static func lines(_ data: KeptData.Found) -> [String] { data.whereabouts + doubt(data) }

    private static func doubt(_ data: KeptData.Found) -> [String] {
        if data.isAll { return [] }
        let subject = data.whereabouts.isEmpty ? "data of it is kept on a database server" : "there is more of it"
        return ["Whether \(subject), the cluster did not say."]
    }

    static let title = "Data that stays"

    private static func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return "\(items.dropLast().joined(separator: ", ")) and \(last)"
    }
}
