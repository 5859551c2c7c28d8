import Deploys
import HTTP
import Slack
import Store

/// What Slack calls and how Slack is called, wired.
struct SlackSide: Sendable {
    let courier: Courier
    let routes: SlackRoutes
    /// Nil when nobody can sign in.
    let signIn: SlackSignIn?
    private let installation: InstallationKeeper
    private let channels: ChannelDesk
    private let reload: Signal
    private let log: Log
    private let learner: ChannelLearner

    init(_ basics: Basics, _ api: SlackWebAPI, _ policy: PolicyParts, _ work: WorkParts, reload: Signal) async {
        self.reload = reload
        channels = ChannelDesk(outbox: basics.journal, signals: basics.signals)
        log = basics.log
        let journal = basics.journal
        courier = Courier(
            outbox: journal,
            messenger: SlackMessenger(api: api, channels: journal, logs: basics.buildLogs, mask: basics.mask.masked),
            signals: basics.signals, pace: basics.settings.slack.pace, now: basics.now, log: basics.log)
        installation = InstallationKeeper(
            api: api, keepsakes: journal, appID: basics.settings.slack.appID, log: basics.log)
        // Knows what an earlier start learned.
        await installation.recall()
        signIn = basics.settings.slack.client.map { [installation] client in
            SlackSignIn(
                client, http: basics.http, apiURL: basics.settings.slack.apiURL, installation: installation)
        }
        learner = ChannelLearner(api: api, book: journal, channels: basics.channels, log: basics.log)
        routes = SlackRoutes(Self.parts(basics, api, policy, work, channels, installation, learner))
    }

    /// Works until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await courier.run() }
            group.addTask { await installation.learn() }
            group.addTask { await learner.run() }
            group.addTask { await trySendingAgain() }
        }
    }

    /// Whoever sends SIGHUP may have mended what kept messages from being sent.
    private func trySendingAgain() async {
        while true {
            await reload.wait()
            guard !Task.isCancelled else { return }
            do throws(JournalError) { try await channels.mended() } catch {
                log.error("what waits for Slack is tried again later: \(error)")
            }
        }
    }

    private static func parts(
        _ basics: Basics, _ api: SlackWebAPI, _ policy: PolicyParts, _ work: WorkParts, _ channels: ChannelDesk,
        _ installation: InstallationKeeper, _ learner: ChannelLearner
    ) -> SlackParts {
        let journal = basics.journal
        let intake = basics.intake(policy.gate)
        let info = InfoDesk(
            journal: journal, health: work.health, gate: policy.gate, naming: basics.naming,
            logChannel: basics.channels.logChannel, now: basics.now)
        let responses = ResponseURLs(
            client: basics.http, apiURL: basics.settings.slack.apiURL, mask: basics.mask, now: basics.now,
            log: basics.log)
        let commands = CommandDesk(intake, info, keptData: work.addOns.keptData)
        var parts = SlackParts(
            signingSecret: basics.settings.slack.signingSecret, commands: commands,
            presses: PressDesk(intake, source: work.source), forms: FormDesk(commands, source: work.source),
            info: info, installation: installation, api: api, responses: responses, memory: journal,
            now: basics.now, log: basics.log)
        parts.mask = basics.mask
        parts.tell = { news throws(JournalError) in
            defer { learner.wake.fire() }
            try await tell(news, channels, policy.groups)
        }
        return parts
    }

    private static func tell(
        _ news: WorkspaceNews, _ channels: ChannelDesk, _ groups: GroupDirectory?
    ) async throws(JournalError) {
        switch news {
        case .renamed(let id, let name): try await channels.renamed(id: id, to: name)
        case .archived(let id): try await channels.archived(id: id)
        case .unarchived(let id): try await channels.unarchived(id: id)
        case .joined(let id): try await channels.mended(channel: id)
        case .groupChanged(let id): await groups?.groupChanged(id)
        case .left(let id): try await channels.left(id: id)
        // The next message that is sent finds out, and Slack's answer to it says more.
        case .tokenGone: break
        }
    }
}
