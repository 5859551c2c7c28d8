import Deploys

/// Who is asked for a second person's word.
enum ApprovalWords {
    static let maxNamed = 10

    static func request(_ parties: [Party], _ operation: Deploys.Operation) -> String {
        let sender: Person? =
            switch operation.trigger {
            case .command(let person), .button(let person): person
            case .push, .rerun, .look, .watch: nil
            }
        let others = parties.filter { $0 != sender.map { .person($0.id) } }
        if others.isEmpty { return "Built. It waits for approval, and the policy names nobody else who may give it." }
        let anybody = sender.map { "anybody but \(Mrkdwn.person($0))" } ?? "anybody"
        return "Built. It waits for approval by \(others.contains(.anyone) ? anybody : list(others))."
    }

    private static func list(_ others: [Party]) -> String {
        let names = others.prefix(maxNamed).map(Mrkdwn.party)
        let rest = others.count - names.count
        let all = rest > 0 ? names + ["\(rest) more"] : names
        return all.count == 1 ? all[0] : all.dropLast().joined(separator: ", ") + " or \(all[all.count - 1])"
    }
}
