import CLinux
import Glibc

/// Moves the bytes of one run and watches its end, on a thread of its own.
final class ProgramLoop {
    /// How long output is still read after the program ended, if a process it left behind holds it open.
    static let pipeGrace = Duration.seconds(2)
    /// How often a stopped process group is asked whether it is gone.
    private static let groupCheck = Duration.milliseconds(20)
    private static let bufferBytes = 64 << 10

    private struct Output {
        var bytes: [UInt8] = []
        var lines = LineSplitter()
    }

    private let settings: ProgramRun
    private let cancellation: Wakeup
    private let reader: OutputReader
    private let clock = ContinuousClock()

    private var input: Descriptor?
    private var inputSent = 0
    private var standardPipe: Descriptor?
    private var errorPipe: Descriptor?
    private var standard = Output()
    private var error = Output()
    private var buffer = [UInt8](repeating: 0, count: ProgramLoop.bufferBytes)

    private var pid: pid_t = -1
    /// Readable when the program ends; nil on systems without one, where the loop asks again and again.
    private var exitNotice: Descriptor?
    private var hasEnded = false
    private var stoppedReading = false
    /// Why the run is being stopped; nil while nobody stops it.
    private var stopReason: ProgramError?
    /// The next moment at which something is done without an event.
    private var deadline: ContinuousClock.Instant

    init(
        _ settings: ProgramRun, _ cancellation: Wakeup, _ reader: OutputReader
    ) {
        self.settings = settings
        self.cancellation = cancellation
        self.reader = reader
        deadline = clock.now + settings.timeLimit
    }

    func run() throws(ProgramError) -> ProgramResult {
        try start()
        while !hasEnded || (!stoppedReading && (standardPipe != nil || errorPipe != nil)) { step() }
        standard.lines.finish { reader.onLine?(.standard, $0) }
        error.lines.finish { reader.onLine?(.error, $0) }
        let exitCode = reap()
        if let stopReason {
            endGroup()
            throw stopReason
        }
        return ProgramResult(exitCode: exitCode, output: standard.bytes, errorOutput: error.bytes)
    }

    private func start() throws(ProgramError) {
        var toInput = try pipe()
        var toStandard = try pipe()
        var toError = try pipe()
        guard let childInput = toInput.readEnd.take(), let childOutput = toStandard.writeEnd.take(),
            let childError = toError.writeEnd.take()
        else { return }
        let request = SpawnRequest(
            program: settings.program, arguments: settings.arguments,
            environment: settings.environment, inheritsEnvironment: settings.inheritsEnvironment,
            directory: settings.directory)
        pid = try request.spawn(input: childInput, output: childOutput, errorOutput: childError)
        let notice = linux_pidfd_open(pid)
        if notice >= 0 { exitNotice = Descriptor(owning: notice) }
        input = toInput.writeEnd.take()
        input?.setNonBlocking()
        standardPipe = toStandard.readEnd.take()
        errorPipe = toError.readEnd.take()
        if settings.input.isEmpty { input = nil }
    }

    private func pipe() throws(ProgramError) -> Pipe {
        do throws(Errno) {
            return try Pipe()
        } catch {
            throw .cannotStart(settings.program, reason: error.sentence)
        }
    }

    /// Waits for the next event or moment and deals with it.
    private func step() {
        // `poll` passes over entries whose descriptor is negative.
        var entries = [
            pollfd(fd: standardPipe?.number ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errorPipe?.number ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: input?.number ?? -1, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: hasEnded ? -1 : exitNotice?.number ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stopReason == nil ? cancellation.number : -1, events: Int16(POLLIN), revents: 0),
        ]
        let ready = poll(&entries, nfds_t(entries.count), millisecondsToWait())
        if ready > 0 {
            if entries[0].revents != 0, !read(entries[0].fd, .standard, into: &standard) {
                standardPipe = nil
            }
            if entries[1].revents != 0, !read(entries[1].fd, .error, into: &error) { errorPipe = nil }
            if entries[2].revents != 0, !writeInput() { input = nil }
            if entries[4].revents != 0 { stop(.cancelled) }
        }
        if !hasEnded, entries[3].revents != 0 || exitNotice == nil { noticeEnd() }
        if clock.now >= deadline { deadlinePassed() }
    }

    private func millisecondsToWait() -> Int32 {
        let left = clock.now.duration(to: deadline)
        let limit: Duration = exitNotice == nil && !hasEnded ? Self.groupCheck : .seconds(60)
        // Rounded up, so that the moment has come when `poll` returns.
        return Int32(min(max(left, .zero), limit) / .milliseconds(1)) + 1
    }

    private func deadlinePassed() {
        if hasEnded {
            stoppedReading = true
        } else if stopReason == nil {
            stop(.timedOut(settings.program, after: settings.timeLimit))
        } else {
            kill(-pid, SIGKILL)
            deadline = clock.now + settings.killGrace
        }
    }

    /// The program is not reaped before the loop ends, so its number still means this group.
    private func stop(_ reason: ProgramError) {
        stopReason = reason
        kill(-pid, SIGTERM)
        deadline = clock.now + settings.killGrace
    }

    private func noticeEnd() {
        var info = siginfo_t()
        let result = waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT)
        // Without an ended child the call leaves the signal's number zero.
        guard result != 0 || info.si_signo != 0 else { return }
        hasEnded = true
        if stopReason == nil { deadline = clock.now + Self.pipeGrace }
    }

    private func reap() -> Int32 {
        var status: Int32 = 255 << 8
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return exitCode(ofStatus: status)
    }

    /// Gives what is left of a stopped group until the deadline, then kills it.
    private func endGroup() {
        while hasLiveProcess(group: pid) {
            guard clock.now < deadline else {
                kill(-pid, SIGKILL)
                return
            }
            poll(nil, 0, Int32(Self.groupCheck / .milliseconds(1)))
        }
    }

    /// False at the end.
    private func read(_ number: Int32, _ stream: OutputStream, into output: inout Output) -> Bool {
        let count = Glibc.read(number, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && (errno == EINTR || errno == EAGAIN) }
        let room = settings.maxOutputBytes - output.bytes.count
        output.bytes.append(contentsOf: buffer.prefix(min(count, room)))
        if let onLine = reader.onLine { output.lines.take(buffer.prefix(count)) { onLine(stream, $0) } }
        reader.onBytes?(stream, buffer.prefix(count))
        return true
    }

    /// False when all is written, or nobody reads it.
    private func writeInput() -> Bool {
        guard let number = input?.number else { return false }
        let written = settings.input.withUnsafeBytes { bytes in
            write(number, bytes.baseAddress?.advanced(by: inputSent), bytes.count - inputSent)
        }
        guard written >= 0 else { return errno == EINTR || errno == EAGAIN }
        inputSent += written
        return inputSent < settings.input.count
    }
}
