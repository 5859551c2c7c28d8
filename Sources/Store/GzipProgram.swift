import Subprocess

/// The program gzip: Foundation packs nothing.
struct GzipProgram: Sendable {
    let name: String

    /// A longer file is not packed: its packed form is held in memory.
    static let maxFileBytes = 64 << 20
    static let timeLimit = Duration.seconds(60)
    /// A slow reader slows its program down.
    static let readingTimeLimit = Duration.seconds(600)

    /// - Returns: the packed form of a file (RFC 1952); nil when it can't be had.
    func pack(_ path: String) async -> [UInt8]? {
        var run = run(["-n", "-c", "-q", "--", path], Self.timeLimit)
        run.maxOutputBytes = Self.maxFileBytes + 1
        guard let result = try? await run.run(), result.exitCode == 0, result.output.count <= Self.maxFileBytes else {
            return nil
        }
        return result.output
    }

    /// Unpacks a file: its lines, in order, on a thread of the run's own, which may be held up.
    /// - Returns: false when the file is damaged, or not there.
    @discardableResult
    func unpack(_ path: String, onLine: @escaping @Sendable (String) -> Void) async -> Bool {
        var run = run(["-d", "-c", "-q", "--", path], Self.readingTimeLimit)
        run.maxOutputBytes = 0
        let result = try? await run.run { stream, line in
            if stream == .standard { onLine(line) }
        }
        return result?.exitCode == 0
    }

    private func run(_ arguments: [String], _ timeLimit: Duration) -> ProgramRun {
        var run = ProgramRun(name, arguments, timeLimit: timeLimit)
        run.inheritsEnvironment = false
        return run
    }
}
