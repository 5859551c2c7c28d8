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
    /// Output beyond it is dropped from the result (lines still reach `onLine`).
    package var maxOutputBytes = 16 << 20

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

package enum ProgramError: Error, Sendable, Equatable {
    case notFound(String)
    case cannotStart(String, reason: String)
    case timedOut(String, after: Duration)
    case cancelled
}

package enum OutputStream: Sendable { case standard, error }

extension ProgramRun {
    /// Runs to the end. Time-out and task cancellation end the whole process group (SIGTERM, then SIGKILL 2 s later).
    /// - Parameter onLine: called for each line, without its newline, while the program runs.
    package func run(
        onLine: (@Sendable (OutputStream, String) -> Void)? = nil
    ) async throws(ProgramError) -> ProgramResult {
        fatalError("not written yet")
    }
}
