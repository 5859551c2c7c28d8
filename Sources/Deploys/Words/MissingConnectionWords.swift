/// What people read about settings that this service can't serve.
extension MissingConnection {
    /// - Parameter missing: all of it, with `first`.
    static func failure(_ first: MissingConnection, of missing: [MissingConnection]) -> Failure {
        let whom = missing.count == 1 ? "it" : "them"
        return Failure(
            .settings, first.sentence, advice: "Ask the operator of Iterapp for \(whom), or take \(whom) out.",
            evidence: missing.count == 1 ? [] : missing.map(\.sentence))
    }

    var sentence: String {
        switch self {
        case .databaseServer:
            "`[postgres]` needs a database server, and this service is not connected to one."
        case .natsServer:
            "`[nats]` needs a NATS server, and this service is not connected to one."
        case .environmentKey(let names):
            "\(Self.list(names)) \(names.count == 1 ? "is" : "are") encrypted, and this service has no key to open "
                + "encrypted values."
        case .buildKey(let ids):
            "The build \(ids.count == 1 ? "secret" : "secrets") \(Self.list(ids)) \(ids.count == 1 ? "is" : "are") "
                + "encrypted, and this service has no key to open encrypted values."
        }
    }

    /// `` `A`, `B` and 3 more ``
    private static func list(_ names: [String]) -> String {
        var shown = names.prefix(names.count > maxNames ? maxNames - 1 : maxNames).map { "`\($0)`" }
        if names.count > shown.count { shown.append("\(names.count - shown.count) more") }
        guard let last = shown.popLast() else { return "" }
        return shown.isEmpty ? last : "\(shown.joined(separator: ", ")) and \(last)"
    }

    /// In one sentence.
    static let maxNames = 5
}
