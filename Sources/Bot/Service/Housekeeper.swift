import Deploys
import Foundation
import Store
import Synchronization

/// Removes what is older than the operator wants to keep it, while nobody waits for the journal.
final class Housekeeper: Sendable {
    /// After the start, which has enough to do.
    static let firstPause = Duration.seconds(300)
    static let pause = Duration.seconds(3_600)
    /// Between two portions.
    static let shortPause = Duration.milliseconds(50)
    /// A journal that never rests is tidied all the same, more slowly.
    static let maxBusyPauses = 40

    private let basics: Basics
    private let figuresNow = Mutex(RetentionFigures())

    init(_ basics: Basics) { self.basics = basics }

    /// What was removed since the start.
    var figures: RetentionFigures { figuresNow.withLock { $0 } }

    /// Works until the task is cancelled.
    func run() async {
        try? await Task.sleep(for: Self.firstPause)
        while !Task.isCancelled {
            await tidy()
            try? await Task.sleep(for: Self.pause)
        }
    }

    func tidy() async {
        let limits = basics.settings.retention
        let before = figures
        let logs = await basics.buildLogs.removeOld(afterDays: limits.logDays, at: basics.now())
        figuresNow.withLock { $0.logs += logs }
        do throws(JournalError) {
            try await basics.journal.removeOld(limits, at: basics.now(), pause: rest) { [self] operations, lines in
                figuresNow.withLock {
                    $0.operations += operations
                    $0.auditLines += lines
                }
            }
        } catch { basics.log.warning("what is too old is removed later: \(error)") }
        tell(before)
    }

    private func tell(_ before: RetentionFigures) {
        let after = figures
        guard after != before else { return }
        basics.log.info(
            "removed what was too old: \(after.operations - before.operations) operations, "
                + "\(after.auditLines - before.auditLines) lines of the audit log, "
                + "\(after.logs - before.logs) build logs")
    }

    /// - Returns: whether to go on.
    @Sendable private func rest() async -> Bool {
        for _ in 0..<Self.maxBusyPauses {
            try? await Task.sleep(for: Self.shortPause)
            if Task.isCancelled { return false }
            if !basics.journal.isBusy { break }
        }
        return true
    }
}
