import Deploys
import Foundation
import Slack
import Store

/// What says who may do what, wired.
struct PolicyParts: Sendable {
    let gate: any Gate
    /// Told when a user group has changed. Nil when no policy speaks of any.
    let groups: GroupDirectory?
    private let keeper: PolicyKeeper?

    /// - Parameter reload: fired when the file shall be read again.
    init(
        _ settings: Settings, _ api: SlackWebAPI, _ journal: SQLiteJournal, reload: Signal,
        now: @escaping @Sendable () -> Date, log: Log
    ) {
        guard let permissions = settings.permissions else {
            gate = OpenGate()
            groups = nil
            keeper = nil
            return
        }
        let groups = GroupDirectory(api: api, memory: journal, now: now, log: log)
        let gate = PolicyGate(permissions.policy, groups: groups, naming: settings.rendering.naming)
        self.gate = gate
        self.groups = groups
        let directory = groups
        keeper = PolicyKeeper(permissions, gate: gate, wake: reload, log: log) { directory.look() }
        groups.follow { gate.policy.groups }
    }

    /// Works until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            if let keeper { group.addTask { await keeper.run() } }
            if let groups { group.addTask { await groups.run() } }
        }
    }
}
