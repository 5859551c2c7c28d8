import Deploys
import GitHub

/// How pushes, and news of repositories, come in: told by webhooks, or found by looking. Wired.
struct PushParts: Sendable {
    /// Nil when there is no secret to verify webhooks with.
    let webhooks: WebhookRoute?
    private let catchUp: CatchUp

    init(_ basics: Basics, _ gate: any Gate, _ work: WorkParts) {
        let (journal, naming, channels) = (basics.journal, basics.naming, basics.channels)
        let (signals, now) = (basics.signals, basics.now)
        let pushes = PushDesk(
            journal: journal, gate: gate, naming: naming, channels: channels, signals: signals, now: now)
        let desks = WebhookDesks(
            pushes: pushes,
            repositories: RepositoryDesk(
                journal: journal, naming: naming, channels: channels, signals: signals, now: now),
            reruns: RerunDesk(
                journal: journal, gate: gate, naming: naming, channels: channels, signals: signals, now: now))
        webhooks = basics.settings.github.webhookSecret.map {
            WebhookRoute(secret: $0, desks: desks, credentials: basics.gitHub?.credentials, log: basics.log)
        }
        catchUp = CatchUp(
            journal: journal, heads: work.heads, source: work.source, pushes: pushes, signals: signals,
            interval: .seconds(basics.settings.github.lookSeconds), now: now, log: basics.log)
    }

    /// Looks until the task is cancelled.
    func run() async { await catchUp.run() }
}
