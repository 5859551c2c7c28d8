import Foundation
import Glibc
import Synchronization

/// A program that runs beside this one, such as a private Docker Engine. It goes on when this process is
/// killed; whoever starts it stops it.
package final class RunningProgram: Sendable {
    private struct State {
        var exitCode: Int32?
        var isTerminating = false
        var waiters: [CheckedContinuation<Int32, Never>] = []
    }

    package let pid: Int32
    private let state = Mutex(State())

    /// Starts the program in a process group of its own, without input.
    ///
    /// - Parameters:
    ///   - program: an absolute path, or a name that is looked up on PATH.
    ///   - environment: added to (or replacing) the inherited one, if that is inherited; nil removes a
    ///     variable.
    ///   - logFile: both outputs are appended to it; made (readable by its owner only) if missing.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String?] = [:],
        inheritsEnvironment: Bool = true, directory: String? = nil, logFile: String
    ) throws(ProgramError) {
        let log = Descriptor(owning: open(logFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
        guard log.number >= 0 else {
            let reason = "cannot write its log \(logFile): \(Errno(code: errno).sentence)"
            throw .cannotStart(program, reason: reason)
        }
        let nothing = Descriptor(owning: open("/dev/null", O_RDONLY | O_CLOEXEC))
        guard nothing.number >= 0 else {
            throw .cannotStart(program, reason: "cannot open /dev/null: \(Errno(code: errno).sentence)")
        }
        let request = SpawnRequest(
            program: program, arguments: arguments, environment: environment,
            inheritsEnvironment: inheritsEnvironment, directory: directory)
        pid = try request.spawn(input: nothing, output: log, errorOutput: log)
        // The thread holds the object, so a program whose object was dropped is still reaped.
        Thread.detachNewThread { self.waitOnThisThread() }
    }

    package var isRunning: Bool { exitCode == nil }

    /// 128 + the signal's number when a signal ended it; nil while it runs.
    package var exitCode: Int32? { state.withLock { $0.exitCode } }

    /// Waits until the program ends by itself or is terminated, and returns its exit code.
    package func wait() async -> Int32 {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.exitCode == nil { state.waiters.append(continuation) }
                return state.exitCode
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Asks the program to end (SIGTERM). When it has ended, or `grace` is over, what is left of its
    /// process group is killed. Returns the exit code; does nothing more if the program has ended before.
    @discardableResult
    package func terminate(grace: Duration) async -> Int32 {
        signal(SIGTERM)
        let killer = Task {
            try await Task.sleep(for: grace)
            signal(SIGKILL)
        }
        let code = await wait()
        killer.cancel()
        return code
    }

    private func signal(_ number: Int32) {
        state.withLock { state in
            // Once reaped, the number may belong to a stranger.
            guard state.exitCode == nil else { return }
            state.isTerminating = true
            // The program ends its helpers in its own order; all of them only when time is up.
            kill(number == SIGTERM ? pid : -pid, number)
        }
    }

    private func waitOnThisThread() {
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (code, waiters) = state.withLock { state in
            if state.isTerminating { kill(-pid, SIGKILL) }
            var status: Int32 = 255 << 8
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let code = Subprocess.exitCode(ofStatus: status)
            state.exitCode = code
            defer { state.waiters = [] }
            return (code, state.waiters)
        }
        for waiter in waiters { waiter.resume(returning: code) }
    }
}
