import Foundation
import Glibc

/// One run of another program. Never through a shell: arguments reach the program as they are.
package struct ProgramRun: Sendable {
    /// An absolute path, or a name that is looked up on PATH.
    package var program: String
    package var arguments: [String]
    /// Added to (or replacing) the inherited environment, if that is inherited; nil removes a variable.
    package var environment: [String: String?] = [:]
    /// False: the program sees nothing but `environment`, so that no secret of ours reaches it.
    package var inheritsEnvironment = true
    package var directory: String?
    package var input: [UInt8] = []
    package var timeLimit: Duration
    /// Output beyond it is dropped from the result (it still reaches `onLine` and `onBytes`).
    package var maxOutputBytes = 16 << 20
    /// Between SIGTERM and SIGKILL, when the run is stopped.
    package var killGrace = ProgramRun.usualKillGrace

    package static let usualKillGrace = Duration.seconds(2)

    package init(_ program: String, _ arguments: [String], timeLimit: Duration) {
        self.program = program
        self.arguments = arguments
        self.timeLimit = timeLimit
    }
}

package struct ProgramResult: Sendable {
    /// 128 + the signal's number when a signal ended it.
    package let exitCode: Int32
    package let output: [UInt8]
    package let errorOutput: [UInt8]
}

/// Messages about a program name it but not its arguments, which may hold secrets.
package enum ProgramError: Error, Sendable, Equatable {
    case notFound(String)
    case cannotStart(String, reason: String)
    case timedOut(String, after: Duration)
    case cancelled
}

extension ProgramError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let program): "the program \(program) was not found; install it or add it to PATH"
        case .cannotStart(let program, let reason): "cannot start \(program): \(reason)"
        case .timedOut(let program, let limit): "\(program) did not end within \(limit) and was stopped"
        case .cancelled: "cancelled"
        }
    }
}

package enum OutputStream: Sendable { case standard, error }

/// Who is told what a program prints, while it runs.
struct OutputReader: Sendable {
    var onLine: (@Sendable (OutputStream, String) -> Void)?
    var onBytes: (@Sendable (OutputStream, ArraySlice<UInt8>) -> Void)?
}

extension ProgramRun {
    /// Runs to the end. Time-out and task cancellation end the whole process group (SIGTERM, then
    /// SIGKILL after `killGrace`).
    ///
    /// What the program leaves behind in the background may go on; it is waited for at most
    /// `ProgramLoop.pipeGrace` when it holds the output open.
    /// - Parameter onLine: called for each line, without its newline, while the program runs: on the
    ///   run's own thread, in order, so that a slow reader slows the program down. A line longer than
    ///   `LineSplitter.maxLineBytes` comes in pieces; of a line that a progress bar has drawn over with
    ///   carriage returns comes what a terminal would show in the end; bytes that are not UTF-8 become
    ///   U+FFFD.
    package func run(
        onLine: (@Sendable (OutputStream, String) -> Void)? = nil
    ) async throws(ProgramError) -> ProgramResult {
        try await run(OutputReader(onLine: onLine))
    }

    /// The same for output that is not made of lines, or of longer ones.
    /// - Parameter onBytes: called with whatever came, as `onLine` is.
    package func run(
        onBytes: @escaping @Sendable (OutputStream, ArraySlice<UInt8>) -> Void
    ) async throws(ProgramError) -> ProgramResult {
        try await run(OutputReader(onBytes: onBytes))
    }

    private func run(_ reader: OutputReader) async throws(ProgramError) -> ProgramResult {
        let cancellation: Wakeup
        do throws(Errno) {
            cancellation = try Wakeup()
        } catch {
            throw .cannotStart(program, reason: error.sentence)
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(returning: runOnThisThread(cancellation, reader))
                }
            }
        } onCancel: {
            cancellation.signal()
        }
        return try result.get()
    }

    private func runOnThisThread(
        _ cancellation: Wakeup, _ reader: OutputReader
    ) -> Result<ProgramResult, ProgramError> {
        // Writing to a program that has closed its input raises SIGPIPE in the thread that writes.
        var pipeSignal = sigset_t()
        sigemptyset(&pipeSignal)
        sigaddset(&pipeSignal, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipeSignal, nil)
        do throws(ProgramError) {
            if cancellation.wasSignalled { throw .cancelled }
            return .success(try ProgramLoop(self, cancellation, reader).run())
        } catch {
            return .failure(error)
        }
    }
}
