import Foundation

/// Looks again at the sites of deploys that are over, until they answer, and keeps those deploys' messages true.
/// What it has to do is in the journal, so that a restart changes nothing.
package struct SiteWatcher: Sendable {
    package typealias Journal = Deploys.Journal & SiteJournal

    let journal: any Journal
    let sites: any SiteProbe
    let certificates: any Certificates
    let signals: Signals
    let now: @Sendable () -> Date
    let log: Log

    /// Watches that are looked after side by side.
    static let maxParallelLooks = 8
    /// Nobody has to wake the watcher: what is due is asked for so often.
    static let idle = Duration.seconds(5)

    package init(
        journal: any Journal, sites: any SiteProbe, certificates: any Certificates, signals: Signals,
        now: @escaping @Sendable () -> Date, log: Log
    ) {
        self.journal = journal
        self.sites = sites
        self.certificates = certificates
        self.signals = signals
        self.now = now
        self.log = log
    }

    /// Works until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            do {
                if try await lookAtDue() == 0 { try await Task.sleep(for: Self.idle) }
            } catch is CancellationError {
                return
            } catch {
                log.error("the sites that are waited for can't be looked at: \(error)")
                try? await Task.sleep(for: Self.idle)
            }
        }
    }

    /// Looks at what is due.
    /// - Returns: how many watches there were.
    package func lookAtDue() async throws -> Int {
        let due = try await journal.siteWatches(dueAt: now(), atMost: Self.maxParallelLooks)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for watch in due { group.addTask { try await look(watch) } }
            try await group.waitForAll()
        }
        return due.count
    }

    private func look(_ watch: SiteWatch) async throws {
        let operation = watch.report.operation
        guard let environment = operation.environment,
            let desired = try await journal.desiredState(of: operation.app, in: environment)
        else { return try await journal.end(watch, notices: []) }
        await certificates.ask(for: desired.plan)
        let looked = await look(at: watch.sites)
        // What was seen while the service stops says nothing.
        try Task.checkCancellation()
        if looked.allSatisfy({ $0.waitingFor == nil }) {
            try await journal.end(watch, notices: [.live(watch.after(looked, at: now()).report)])
            log.info("all sites of \(operation.app.key) in \(environment) answer")
        } else if watch.isOver(at: now()) {
            let last = watch.after(looked.map(Self.givenUp), at: now())
            try await journal.end(watch, notices: [.live(last.report)])
            log.info("the sites of \(operation.app.key) in \(environment) are no longer looked at: a week is over")
        } else {
            let next = watch.after(looked, at: now())
            try await journal.keep(next, notices: looked == watch.sites ? [] : [.live(next.report)])
        }
        signals.notices.fire()
    }

    /// What answered once is not looked at again: this is about getting there, not about staying there.
    private func look(at sites: [Site]) async -> [Site] {
        await withTaskGroup(of: (Int, Site).self) { group in
            for (index, site) in sites.enumerated() where site.waitingFor != nil {
                group.addTask { (index, Site(url: site.url, waitingFor: await self.sites.obstacle(at: site.url))) }
            }
            var looked = sites
            for await (index, site) in group { looked[index] = site }
            return looked
        }
    }

    private static func givenUp(_ site: Site) -> Site {
        guard let obstacle = site.waitingFor else { return site }
        return Site(url: site.url, waitingFor: SiteWords.givenUp(obstacle))
    }
}
