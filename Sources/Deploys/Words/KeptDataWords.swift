/// What people read of data that stays.
enum KeptDataWords {
    /// Settings do not ask for it any more.
    static func takenOut(_ whereabouts: String) -> String {
        "iterapp.toml does not ask for \(whereabouts) any more. Nothing in there was deleted, and nobody else gets it."
    }

    /// The app is deregistered.
    static func staysBehind(_ whereabouts: [String]) -> String { "Its data stays: \(list(whereabouts))." }

    static let title = "Data that stays"

    private static func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return "\(items.dropLast().joined(separator: ", ")) and \(last)"
    }
}
