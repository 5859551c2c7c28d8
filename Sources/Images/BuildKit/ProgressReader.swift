import Deploys
import Synchronization

/// Hands on what a run of `buildctl` prints: lines, and how far the build is whenever that changes.
final class ProgressReader: Sendable {
    private let progress: Mutex<RawProgress>
    private let onLine: @Sendable (String) -> Void
    private let onSteps: @Sendable (StepCount) -> Void

    init(
        firstNumber: Int, maxOutputBytes: Int, onLine: @escaping @Sendable (String) -> Void,
        onSteps: @escaping @Sendable (StepCount) -> Void
    ) {
        progress = Mutex(RawProgress(firstNumber: firstNumber, maxOutputBytes: maxOutputBytes))
        self.onLine = onLine
        self.onSteps = onSteps
    }

    var record: BuildRecord { progress.withLock { $0.record } }
    var nextNumber: Int { progress.withLock { $0.nextNumber } }

    func take(_ bytes: ArraySlice<UInt8>) { change { $0.take(bytes, $1) } }
    func finish(succeeded: Bool) { change { $0.finish(succeeded: succeeded, $1) } }

    /// Called by one thread at a time, so lines keep their order.
    private func change(_ change: (inout RawProgress, (String) -> Void) -> Void) {
        var lines: [String] = []
        let (before, after) = progress.withLock { progress in
            let before = progress.count
            change(&progress) { lines.append($0) }
            return (before, progress.count)
        }
        for line in lines { onLine(line) }
        if let after, after != before { onSteps(after) }
    }
}
