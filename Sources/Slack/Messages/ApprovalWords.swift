import Deploys

/// Who is asked for a second person's word.
enum ApprovalWords {
    static let maxNamed = 10

    static func request(_ parties: [Party], _ operation: Deploys.Operation) -> String {
        let sender: Person? =
            switch operation.trigger {
            case .command(let person), .button(let person): person
            case .push, .watch: nil
            }
        let others = parties.filter { $0 != sender.map { .person($0.id) } }
        let who = if others.contains(.anyone) {
            sender.map { "Anybody but \(Mrkdwn.person($0))" } ?? "Anybody"
        } else { list(others) }
        return "It is built, and waits for somebody else's word. "
            + (others.isEmpty ? "The policy names nobody else who can approve it." : "\(who) can approve it.")
    }

    private static func list(_ others: [Party]) -> String {
        guard !others.isEmpty else { return "" }
        let names = others.prefix(maxNamed).map(Mrkdwn.party)
        let rest = others.count - names.count
        let all = rest > 0 ? names + ["\(rest) more"] : names
        let text = all.count == 1 ? all[0] : all.dropLast().joined(separator: ", ") + " or \(all[all.count - 1])"
        return text.hasPrefix("the ") ? "The \(text.dropFirst(4))" : text
    }
}
