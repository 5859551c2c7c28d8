import Foundation

/// The outside world as the domain's steps see it.
package struct Ports: Sendable {
    package var journal: any Journal
    package var source: any SourceHost
    package var builder: any ImageBuilder
    package var buildLogs: any BuildLogs
    package var cluster: any Cluster
    package var sites: any SiteProbe
    /// Where branches are; nil when nobody can be asked.
    package var heads: (any BranchHeads)?
    /// Says which repository a name means; nil where repositories have nothing but names.
    package var repositories: (any RepositoryLookup)?
    package var connections = Connections()
    /// What stays when add-ons are taken out.
    package var keptData = KeptData.none
    /// Knows what must be read nowhere, also what was opened while the service runs.
    package var mask = SecretMask.shapes
    /// Says whose changes need a second person's word.
    package var gate: any Gate = OpenGate()
    /// Where people can read what an operation's build prints; nil for nowhere.
    package var logURL: @Sendable (Operation) -> String? = { _ in nil }
    /// While there is none, what is queued waits.
    package var room = DiskRoom()
    package var now: @Sendable () -> Date
    package var log: Log

    package init(
        journal: any Journal, source: any SourceHost, builder: any ImageBuilder,
        buildLogs: any BuildLogs, cluster: any Cluster, sites: any SiteProbe,
        now: @escaping @Sendable () -> Date, log: Log
    ) {
        self.journal = journal
        self.source = source
        self.builder = builder
        self.buildLogs = buildLogs
        self.cluster = cluster
        self.sites = sites
        self.now = now
        self.log = log
    }
}

/// Lines for the operator. Never carries a secret.
package struct Log: Sendable {
    package enum Level: String, Sendable { case info, warning, error }

    private let sink: @Sendable (Level, String) -> Void

    package init(_ sink: @escaping @Sendable (Level, String) -> Void) { self.sink = sink }

    package func info(_ line: String) { sink(.info, line) }
    package func warning(_ line: String) { sink(.warning, line) }
    package func error(_ line: String) { sink(.error, line) }

    package static let silent = Log { _, _ in }

    /// The same without what `mask` hides.
    package func masked(by mask: SecretMask) -> Log { Log { level, line in sink(level, mask.masked(line)) } }
}

/// What the operator decides about the work.
package struct WorkPolicy: Sendable {
    /// A deploy that fails is followed by the release before it.
    package var putsBackFailed = true
    package init() {}
}

/// What bounds the work.
package struct WorkLimits: Sendable {
    /// Operations that run side by side, over all apps.
    package var maxRunningOperations = 8
    /// Images of one commit that are built side by side.
    package var maxParallelApplingBuilds = 4
    /// How often a source that does not answer is asked.
    package var maxSourceTries = 3
    /// Until it is asked the second time; doubled each time after.
    package var sourcePause = Duration.seconds(2)
    /// How long a journal that refuses is left alone.
    package var journalPause = Duration.seconds(1)
    /// How long a deploy waits for its URLs to answer before it is called live without them.
    package var maxSiteWait = Duration.seconds(30)
    /// How long an operation waits for a second person's word before it ends without it.
    package var maxHeldSeconds: TimeInterval = 24 * 3_600
    package init() {}
}
