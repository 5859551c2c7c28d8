import Deploys
import Slack
import Store
import Web

/// The adapters and the domain, wired.
struct ServiceParts: Sendable {
    let basics: Basics
    /// Nil when values can't be encrypted for this installation.
    let keys: KeyParts?
    let policy: PolicyParts
    let work: WorkParts
    let slack: SlackSide
    let commits: CommitParts
    let logPage: LogPage
    let encryptPage: EncryptPage
    /// Nil when nobody can sign in.
    let signIn: SignInPages?
    let pushes: PushParts
    let reloads: SignalRelay
    let unpacker: Unpacker
    let housekeeper: Housekeeper

    /// - Parameter reload: fired when files shall be read again.
    init(_ settings: Settings, reload: Signal = Signal(), log: Log) async throws {
        basics = try await Basics(settings, log: log)
        let (accessReload, policyReload, slackReload, keyReload) = (Signal(), Signal(), Signal(), Signal())
        reloads = SignalRelay(source: reload, readers: [accessReload, policyReload, slackReload, keyReload])
        keys = KeyParts(basics, reload: keyReload)
        let api = SlackWebAPI(
            client: basics.http, baseURL: settings.slack.apiURL, token: settings.slack.botToken,
            mask: basics.mask)
        policy = PolicyParts(
            settings, api, basics.journal, reload: policyReload, now: basics.now, log: basics.log)
        let links = LogLinks(secret: settings.slack.signingSecret, publicURL: settings.publicURL)
        work = try WorkParts(basics, keys: keys, gate: policy.gate, links: links, reload: accessReload)
        slack = await SlackSide(basics, api, policy, work, reload: slackReload)
        signIn = Self.signIn(basics, slack)
        logPage = LogPage(
            links: links, journal: basics.journal, logs: basics.buildLogs, mask: basics.mask,
            news: basics.signals.notices, label: basics.naming.label, now: basics.now,
            signIn: signIn)
        encryptPage = Self.encryptPage(basics, keys, signIn)
        commits = CommitParts(basics, reload: reload)
        housekeeper = Housekeeper(basics)
        pushes = PushParts(basics, policy.gate, work)
        unpacker = Unpacker(basics.intake(policy.gate), log: log)
    }

    /// Works until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await work.run() }
            group.addTask { await slack.run() }
            group.addTask { await unpacker.run() }
            group.addTask { await commits.run() }
            group.addTask { await policy.run() }
            if let keys { group.addTask { await keys.keeper.run() } }
            group.addTask { await reloads.run() }
            group.addTask { await pushes.run() }
            group.addTask { await basics.buildLogs.tidy() }
            group.addTask { await basics.disk.run() }
            group.addTask { await housekeeper.run() }
        }
    }

    func close() async {
        await work.stop()
        await basics.journal.close()
    }

    private static func encryptPage(_ basics: Basics, _ keys: KeyParts?, _ signIn: SignInPages?) -> EncryptPage {
        let journal = basics.journal
        return EncryptPage(
            key: { keys?.pageKey }, hasPlace: keys != nil, apps: { ((try? await journal.apps()) ?? []).map(\.id) },
            naming: basics.naming, signIn: signIn)
    }

    private static func signIn(_ basics: Basics, _ slack: SlackSide) -> SignInPages? {
        let isSecure = basics.settings.publicURL?.hasPrefix("https:") ?? false
        return slack.signIn.map {
            SignInPages(
                signIn: $0, secret: basics.settings.slack.signingSecret, isSecure: isSecure, now: basics.now,
                log: basics.log)
        }
    }
}
