import Foundation

/// Sites of a deploy that is over and that do not answer yet: they are looked at, slower and slower, until they do.
package struct SiteWatch: Hashable, Sendable {
    /// What people were told last; its phase is `live`.
    package var report: Report
    package let began: Date
    package var nextLook: Date
    /// From the next look to the one after it.
    package var pauseSeconds: TimeInterval
    /// How often people were told something new.
    package var changes: Int

    package static let firstPauseSeconds: TimeInterval = 5
    package static let maxPauseSeconds: TimeInterval = 3_600
    /// People who change their DNS need a while, and some forget it.
    package static let maxAgeSeconds: TimeInterval = 7 * 24 * 3_600
    /// After so many, news no longer make the looks quick again: something goes to and fro.
    package static let maxQuickChanges = 20

    package init(report: Report, began: Date, nextLook: Date, pauseSeconds: TimeInterval, changes: Int) {
        self.report = report
        self.began = began
        self.nextLook = nextLook
        self.pauseSeconds = pauseSeconds
        self.changes = changes
    }

    /// Of what people are told at the end of a deploy; nil when no site is left to wait for.
    package init?(of notices: [NoticeDraft], at now: Date) {
        for case .live(let report) in notices {
            guard case .live(let sites) = report.phase, sites.contains(where: { $0.waitingFor != nil })
            else { continue }
            self.init(
                report: report, began: now, nextLook: now.addingTimeInterval(Self.firstPauseSeconds),
                pauseSeconds: Self.firstPauseSeconds * 2, changes: 0)
            return
        }
        return nil
    }

    var sites: [Site] {
        if case .live(let sites) = report.phase { sites } else { [] }
    }

    func isOver(at now: Date) -> Bool { now.timeIntervalSince(began) >= Self.maxAgeSeconds }

    /// The same watch after a look: told anew when something is different.
    func after(_ looked: [Site], at now: Date) -> SiteWatch {
        var watch = self
        if looked != sites {
            watch.report = Report(
                operation: report.operation, appLabel: report.appLabel, phase: .live(looked),
                warnings: report.warningCount ?? 0)
            watch.changes += 1
            // One step is done, and the next one may follow at once: a certificate takes seconds once DNS is right.
            if watch.changes <= Self.maxQuickChanges { watch.pauseSeconds = Self.firstPauseSeconds }
        }
        watch.nextLook = now.addingTimeInterval(watch.pauseSeconds)
        watch.pauseSeconds = min(watch.pauseSeconds * 2, Self.maxPauseSeconds)
        return watch
    }
}
