import Foundation
import TestSupport

/// An app is registered and deployed from an empty state directory; one write goes wrong, and after a restart without
/// faults everything must come to its end.
struct PointRun: Sendable {
    struct Outcome: Sendable {
        let mode: FaultMode
        /// The write that was spoilt; nil when the service never came so far.
        let point: WritePoint?
        /// All writes, when none was spoilt.
        let all: [WritePoint]
        let violations: [String]
    }

    let shim: FaultShim
    /// 0 for a run in which nothing goes wrong.
    let point: Int
    let mode: FaultMode

    /// What must be said by a service that ends because of a sync, `EX_IOERR` of sysexits.h.
    static let syncExitCode: Int32 = 74
    private static let app = "cats"
    private static let firstLifeTimeLimit = Duration.seconds(30)
    /// How long a service that lives on with a fault may take to finish all the same.
    private static let faultyTimeLimit = Duration.seconds(4)
    private static let quietTimeLimit = Duration.seconds(60)

    func run() async throws -> Outcome {
        try await CrashStage.with(apps: [Self.app]) { stage in
            let story = try await PointStory(stage, app: Self.app)
            let report = stage.directory.appending(path: "writes")
            var violations: [String] = []
            do {
                try story.service.launch(faults: shim.variables(stage, point: point, mode: mode, report: report))
                try await firstLife(story, report)
                violations += ending(story, FaultShim.points(in: report))
                await story.service.kill()
                violations += try story.promises()
                if violations.isEmpty { violations += try await story.secondLife(atMost: Self.quietTimeLimit, mode) }
            } catch { violations.append("the run could not go on: \(error)") }
            await story.service.kill()
            let points = FaultShim.points(in: report)
            if !violations.isEmpty { violations.append("the end of the log:\n\(story.service.log.suffix(1_500))") }
            return Outcome(
                mode: mode, point: point == 0 ? nil : points.first, all: point == 0 ? points : [],
                violations: violations)
        }
    }

    /// Until it is over, the service has ended, or it has lived on long enough with its fault.
    private func firstLife(_ story: PointStory, _ report: URL) async throws {
        let life = Task { try await story.live() }
        let deadline = ContinuousClock.now + Self.firstLifeTimeLimit
        var spoiltUntil: ContinuousClock.Instant?
        while ContinuousClock.now < min(deadline, spoiltUntil ?? deadline) {
            if story.isOver || !story.service.isRunning { break }
            if spoiltUntil == nil, point > 0, !FaultShim.points(in: report).isEmpty {
                spoiltUntil = .now + Self.faultyTimeLimit
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        // Before it is killed, so that whoever waits is not told of an end that the service did not come to by itself.
        story.noteEnd()
        await story.service.kill()
        life.cancel()
        _ = try? await life.value
    }

    /// After a sync that failed, nobody knows what is on the disk: the service says so and ends.
    private func ending(_ story: PointStory, _ points: [WritePoint]) -> [String] {
        guard mode.fails, let point = points.first, point.isJournalSync, self.point > 0 else { return [] }
        guard let code = story.endedBy else { return ["the service lives on after a failed \(point.call) of \(point.file)"] }
        // Whoever starts it is told, and nothing was promised yet.
        if code != 0, !story.service.log.contains("listening on") { return [] }
        return code == Self.syncExitCode
            ? [] : ["the service ended with \(code) after a failed \(point.call), not with \(Self.syncExitCode)"]
    }
}
