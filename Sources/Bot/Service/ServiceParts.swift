import Deploys
import Foundation
import GitHub
import HTTP
import Images
import Kubernetes
import Slack
import Store

/// The adapters and the domain, wired.
struct ServiceParts: Sendable {
    let journal: SQLiteJournal
    /// Lets the worker run only while no other bot does.
    let lease: LeaseKeeper
    /// Nil when no file says who may do what in the cluster.
    let access: AccessKeeper?
    /// Who may do what in the chat.
    let policy: PolicyParts
    let reloads: SignalRelay
    let worker: Worker
    let siteWatcher: SiteWatcher
    let certificateReporter: CertificateReporter
    let drift: DriftDesk
    let courier: Courier
    let cluster: Reconciler
    let installation: InstallationKeeper
    let slack: SlackRoutes
    /// Nil when there is no secret to verify webhooks with.
    let webhooks: WebhookRoute?

    /// - Parameter reload: fired when files shall be read again.
    init(_ settings: Settings, reload: Signal = Signal(), log: Log) async throws {
        let naming = settings.rendering.naming
        let http = HTTPClient()
        let now: @Sendable () -> Date = { Date.now }
        let signals = Signals()
        let mask = SecretMask(settings.secrets)
        let log = log.masked(by: mask)
        let state = URL(filePath: settings.stateDirectory, directoryHint: .isDirectory)
        journal = try await SQLiteJournal.open(state, clock: now)
        lease = try Self.lease(settings, state, http, log)
        let client = KubernetesClient(settings.cluster.connection, http: http)
        let (accessReload, policyReload) = (Signal(), Signal())
        reloads = SignalRelay(source: reload, readers: [accessReload, policyReload])
        access = settings.access.map {
            AccessKeeper(client, path: $0.path, grants: $0.grants, wake: accessReload, log: log)
        }
        policy = PolicyParts(settings, Self.api(settings, http), journal, reload: policyReload, now: now, log: log)
        let sites = SiteParts(settings, client, http, journal, now: now)
        cluster = Reconciler(
            client, inventory: journal, options: settings.rendering.options, certificates: sites.keeper)
        var ports = Ports(
            journal: journal, source: try Self.source(settings, state), builder: Self.builder(settings),
            buildLogs: FileBuildLogs(directory: state, mask: mask), cluster: cluster, sites: sites.probe, now: now,
            log: log)
        ports.gate = policy.gate
        worker = Worker(ports: ports, naming: naming, signals: signals, policy: settings.cluster.policy)
        drift = DriftDesk(
            journal: journal, channel: settings.slack.channels.logChannel, signals: signals, now: now, log: log)
        siteWatcher = sites.watcher(signals, log)
        certificateReporter = sites.reporter(naming, signals, log)
        courier = Self.courier(settings, journal, state, http, signals, mask, log)
        let intake = Intake(
            journal: journal, gate: policy.gate, naming: naming, channels: settings.slack.channels, signals: signals,
            now: now)
        let info = Self.info(settings, journal, ClusterHealth(cluster, sites.certificates), policy.gate, now)
        installation = await Self.installation(settings, journal, http, log)
        slack = SlackRoutes(Self.slack(
            settings, CommandDesk(intake, info), PressDesk(intake, source: ports.source), info, installation, journal,
            policy.groups, http, now, log))
        webhooks = Self.webhooks(settings, journal, policy.gate, signals, now, log)
    }

    /// All that changes the cluster, and so is done by one bot at a time. Runs until the task is cancelled.
    func reconcile() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await worker.run() }
            group.addTask { await siteWatcher.run() }
            group.addTask { await certificateReporter.run() }
            group.addTask { await drift.run() }
            group.addTask { await cluster.watchDrift { await drift.seen(inNamespace: $0) } }
            if let access { group.addTask { await access.run() } }
        }
    }

    func close() async {
        await cluster.stop()
        await journal.close()
    }

    private static func info(
        _ settings: Settings, _ journal: any StatusJournal, _ health: any EnvironmentHealth, _ gate: any Gate,
        _ now: @escaping @Sendable () -> Date
    ) -> InfoDesk {
        InfoDesk(
            journal: journal, health: health, gate: gate, naming: settings.rendering.naming,
            logChannel: settings.slack.channels.logChannel, now: now)
    }

    private static func webhooks(
        _ settings: Settings, _ journal: any Journal, _ gate: any Gate, _ signals: Signals,
        _ now: @escaping @Sendable () -> Date, _ log: Log
    ) -> WebhookRoute? {
        let desk = PushDesk(
            journal: journal, gate: gate, naming: settings.rendering.naming, channels: settings.slack.channels,
            signals: signals, now: now)
        return settings.github.webhookSecret.map { WebhookRoute(secret: $0, desk: desk, log: log) }
    }

    private static func builder(_ settings: Settings) -> DockerBuilder {
        DockerBuilder(
            engine: DockerEngine(environment: settings.programEnvironment),
            defaultOrganisation: settings.rendering.naming.defaultOrganisation, registry: settings.rendering.registry)
    }

    private static func courier(
        _ settings: Settings, _ journal: SQLiteJournal, _ state: URL, _ http: HTTPClient, _ signals: Signals,
        _ mask: SecretMask, _ log: Log
    ) -> Courier {
        let messenger = SlackMessenger(
            api: api(settings, http), channels: journal, logs: FileBuildLogs(directory: state),
            mask: { mask.masked($0) })
        return Courier(
            outbox: journal, messenger: messenger, signals: signals, pace: settings.slack.pace, now: { Date.now },
            log: log)
    }

    /// The journal must be open: its lock says that whoever held the Lease from this state directory is gone.
    private static func lease(
        _ settings: Settings, _ state: URL, _ http: HTTPClient, _ log: Log
    ) throws -> LeaseKeeper {
        var retry = RetryPolicy()
        retry.maxAttempts = 1
        return LeaseKeeper(
            client: KubernetesClient(settings.cluster.connection, http: http, retry: retry),
            namespace: settings.cluster.connection.namespace ?? Settings.Cluster.usualNamespace,
            identity: try LeaseIdentity.next(in: state, hostName: HostName.own), log: log)
    }

    private static func source(_ settings: Settings, _ state: URL) throws -> GitSource {
        let work = state.appending(path: "git", directoryHint: .isDirectory)
        switch settings.source {
        case .directory(let path):
            let remotes = DirectoryRemotes(
                root: URL(filePath: path, directoryHint: .isDirectory),
                defaultOrganisation: settings.rendering.naming.defaultOrganisation)
            return try GitSource(workDirectory: work, environment: settings.programEnvironment) {
                remotes.remote(of: $0)
            }
        case .github:
            let github = GitHubRemote(baseURL: settings.github.url, token: settings.github.token)
            return try GitSource(workDirectory: work, environment: settings.programEnvironment) { app in
                GitRemote(
                    url: github.cloneURL(of: app), environment: github.gitEnvironment,
                    commitURL: { github.commitURL(of: $0, in: app) })
            }
        }
    }
}
