import Deploys
import GitHub

/// How pushes, and news of repositories, come in: told by webhooks, or found by looking. Wired.
struct PushParts: Sendable {
    /// Nil when there is no secret to verify webhooks with.
    let webhooks: WebhookRoute?
    private let catchUp: CatchUp

    init(_ basics: Basics, _ gate: any Gate, _ work: WorkParts) {
        let intake = basics.intake(gate)
        let pushes = PushDesk(intake)
        let desks = WebhookDesks(pushes: pushes, repositories: RepositoryDesk(intake), reruns: RerunDesk(intake))
        webhooks = basics.settings.github.webhookSecret.map {
            WebhookRoute(secret: $0, desks: desks, credentials: basics.gitHub?.credentials, log: basics.log)
        }
        catchUp = CatchUp(
            journal: basics.journal, heads: work.heads, source: work.source, pushes: pushes, signals: basics.signals,
            interval: .seconds(basics.settings.github.lookSeconds), now: basics.now, log: basics.log)
    }

    /// Looks until the task is cancelled.
    func run() async { await catchUp.run() }
}
