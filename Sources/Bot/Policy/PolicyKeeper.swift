import AppFile
import Deploys
import Dispatch

/// Holds the gate to the operators' policy file: read again when somebody asks for it, and every minute, for a file
/// that a cluster brings.
package actor PolicyKeeper {
    static let readInterval: Duration = .seconds(60)

    private let settings: Settings.Permissions
    private let gate: PolicyGate
    private let wake: Signal
    private let onChange: @Sendable () -> Void
    private let log: Log
    /// What was wrong with the file when it was read last, said once.
    private var problems: [Problem]

    /// - Parameters:
    ///   - settings: the file, and what it said at the start.
    ///   - wake: fired when the file shall be read again at once.
    ///   - onChange: called when another policy counts.
    package init(
        _ settings: Settings.Permissions, gate: PolicyGate, wake: Signal, log: Log,
        onChange: @escaping @Sendable () -> Void
    ) {
        self.settings = settings
        self.gate = gate
        self.wake = wake
        self.log = log
        self.onChange = onChange
        problems = settings.warnings
    }

    /// Works until the task is cancelled.
    package func run() async {
        for problem in problems { log.warning("\(problem)") }
        while true {
            await wake.wait(atMost: Self.readInterval)
            guard !Task.isCancelled else { return }
            await read()
        }
    }

    /// A file with mistakes changes nothing: nobody shall gain or lose a right by a comma.
    private func read() async {
        let file = await Self.file(settings)
        let isNews = file.problems != problems
        let wasBroken = problems.contains { $0.severity == .error }
        problems = file.problems
        if isNews {
            for problem in problems {
                if problem.severity == .error { log.error("\(problem)") } else { log.warning("\(problem)") }
            }
        }
        guard let policy = file.policy else {
            if isNews { log.error("\(settings.path) has problems, so everybody's rights stay as they were before") }
            return
        }
        if wasBroken { log.info("\(settings.path) is right again") }
        guard policy != gate.policy else { return }
        gate.policy = policy
        log.info("\(settings.path) was read again; it counts from now on")
        onChange()
    }

    /// On a thread of Dispatch's: file systems can hang.
    private static func file(_ settings: Settings.Permissions) async -> PolicyFile {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: PolicyFile.read(
                        settings.path, defaultOrganisation: settings.defaultOrganisation))
            }
        }
    }
}
