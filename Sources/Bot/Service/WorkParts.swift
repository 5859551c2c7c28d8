import Deploys
import Foundation
import GitHub
import Images
import Kubernetes
import Store
import Web

/// What carries operations to their ends, and keeps the cluster as it shall be, wired.
struct WorkParts: Sendable {
    /// Lets the work run only while no other bot does.
    let lease: LeaseKeeper
    /// What is known of environments from the watches that run anyway.
    let health: ClusterHealth
    let source: GitSource
    /// Where branches are.
    let heads: any BranchHeads
    let addOns: AddOnParts
    private let cluster: Reconciler
    /// Nil when no file says who may do what in the cluster.
    private let access: AccessKeeper?
    private let worker: Worker
    private let siteWatcher: SiteWatcher
    private let certificateReporter: CertificateReporter
    private let taskReporter: TaskReporter
    private let drift: DriftDesk
    /// Nil when there are none.
    private let keys: KeyParts?
    private let known: KnownValues

    /// - Parameter reload: fired when the access file shall be read again.
    init(_ basics: Basics, keys: KeyParts?, gate: any Gate, links: LogLinks, reload: Signal) throws {
        let (settings, journal, log) = (basics.settings, basics.journal, basics.log)
        lease = try Self.lease(basics)
        let client = KubernetesClient(settings.cluster.connection, http: basics.http)
        access = settings.access.map {
            AccessKeeper(client, path: $0.path, grants: $0.grants, wake: reload, log: log)
        }
        let sites = SiteParts(settings, client, basics.http, journal, mask: basics.mask, now: basics.now)
        addOns = AddOnParts(basics, client)
        var passwords = Passwords()
        passwords.learn = { [mask = basics.mask] in mask.learn($0) }
        passwords.learnOf = { [mask = basics.mask] in mask.learn($0, of: $1) }
        cluster = Reconciler(
            client, inventory: journal, options: settings.rendering.options, passwords: passwords,
            certificates: sites.keeper, addOns: addOns.servers, opener: keys?.opener)
        self.keys = keys
        known = KnownValues(
            journal, cluster, addOns: AddOnSecretList(Self.impatient(basics)), mask: basics.mask, log: log)
        health = ClusterHealth(cluster, sites.certificates, sites.tasks)
        let sources = try SourceParts(basics)
        source = sources.repositories
        heads = sources.heads
        var ports = Ports(
            journal: journal, source: source, builder: Self.builder(basics), buildLogs: basics.buildLogs,
            cluster: cluster, sites: sites.probe, now: basics.now, log: log)
        ports.connections = addOns.connections
        ports.keptData = addOns.keptData
        ports.heads = heads
        ports.repositories = basics.gitHub.map(GitHubLookup.init)
        ports.gate = gate
        ports.room = basics.room
        ports.logURL = links.url
        ports.mask = basics.mask
        ports.connections.opener = keys?.opener
        worker = Worker(
            ports: ports, naming: basics.naming, signals: basics.signals, policy: settings.cluster.policy)
        drift = DriftDesk(
            journal: journal, channel: basics.channels.logChannel, signals: basics.signals, now: basics.now, log: log)
        siteWatcher = sites.watcher(basics.signals, log)
        certificateReporter = sites.reporter(basics.naming, basics.signals, log)
        taskReporter = sites.taskReporter(basics.naming, basics.signals, log)
    }

    /// All that changes the cluster, and so is done by one bot at a time. Runs until the task is cancelled.
    func run() async {
        await lease.run { await reconcile() }
    }

    private func reconcile() async {
        await keys?.keeper.prepare()
        let (mayWork, mayReadLogs) = (Signal(), Signal())
        await withDiscardingTaskGroup { group in
            group.addTask { await known.find { for signal in [mayWork, mayReadLogs] { signal.fire() } } }
            await mayWork.wait(atMost: KnownValues.maxHoldUp)
            group.addTask { await worker.run() }
            group.addTask { await siteWatcher.run() }
            group.addTask { await certificateReporter.run() }
            group.addTask {
                // What a task wrote is read once, and stays as it was masked then.
                await mayReadLogs.wait()
                await taskReporter.run()
            }
            group.addTask { await drift.run() }
            group.addTask { await cluster.watchDrift { await drift.seen(inNamespace: $0) } }
            group.addTask { await addOns.run() }
            if let access { group.addTask { await access.run() } }
        }
    }

    func stop() async { await cluster.stop() }

    /// The journal must be open: its lock says that nobody else builds from this state directory.
    private static func builder(_ basics: Basics) -> any ImageBuilder {
        let settings = basics.settings
        let organisation = settings.rendering.naming.defaultOrganisation
        let inputs = Self.inputs(basics)
        let work = basics.state.appending(path: "builds", directoryHint: .isDirectory)
        switch settings.builder {
        case .docker:
            return DockerBuilder(
                engine: DockerEngine(environment: settings.programEnvironment), defaultOrganisation: organisation,
                registry: settings.rendering.registry, work: work, inputs: inputs)
        case .buildKit(let own):
            return BuildKitBuilder(
                BuildKit(host: own.host, tls: own.tls, environment: settings.programEnvironment),
                registry: Registry(
                    prefix: own.registry, authFile: own.authFile, environment: settings.programEnvironment,
                    http: basics.http),
                defaultOrganisation: organisation,
                work: work, inputs: inputs)
        }
    }

    /// Nil when its key can't be kept: then everything is built each time.
    private static func inputs(_ basics: Basics) -> InputFingerprint? {
        do { return try InputFingerprint(keyFile: basics.state.appending(path: "inputs.key")) } catch {
            basics.log.warning("what did not change is built all the same: no key for it can be kept (\(error))")
            return nil
        }
    }

    /// The journal must be open: its lock says that whoever held the Lease from this state directory is gone.
    private static func lease(_ basics: Basics) throws -> LeaseKeeper {
        LeaseKeeper(
            client: impatient(basics),
            namespace: basics.settings.cluster.connection.namespace ?? Settings.Cluster.usualNamespace,
            identity: try LeaseIdentity.next(in: basics.state, hostName: HostName.own), log: basics.log)
    }

    /// For those who try again by themselves.
    private static func impatient(_ basics: Basics) -> KubernetesClient {
        var retry = RetryPolicy()
        retry.maxAttempts = 1
        return KubernetesClient(basics.settings.cluster.connection, http: basics.http, retry: retry)
    }
}
