import CLinux
import Deploys
import Foundation
import Synchronization

/// SIGHUP, by which operators ask daemons to read their files again (daemon(7)), as something to wait for.
///
/// As with `TerminationSignals`, the handler writes to a pipe that a thread reads.
package final class ReloadSignal: Sendable {
    /// Fired by every SIGHUP.
    package let received = Signal()
    private let writeEnd: Int32

    private static let stackBytes = 64 << 10

    /// For one owner at a time: a process has one handler for a signal.
    /// - Throws: a sentence when the process has no file descriptors left.
    package init() throws {
        var (readEnd, writeEnd): (Int32, Int32) = (-1, -1)
        let error = linux_pipe(&readEnd, &writeEnd)
        guard error == 0 else {
            throw InputProblem("Signals cannot be waited for: \(String(cString: strerror(error))).")
        }
        self.writeEnd = writeEnd
        reloadPipe.store(writeEnd, ordering: .sequentiallyConsistent)
        let thread = Thread { [received, readEnd] in
            var byte: UInt8 = 0
            while true {
                let count = read(readEnd, &byte, 1)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                received.fire()
            }
            close(readEnd)
        }
        thread.name = "reload"
        thread.stackSize = Self.stackBytes
        thread.start()
        signal(SIGHUP) { _ in
            // Whatever was interrupted may be about to read its own.
            let interrupted = errno
            defer { errno = interrupted }
            var byte: UInt8 = 1
            _ = write(reloadPipe.load(ordering: .sequentiallyConsistent), &byte, 1)
        }
    }

    deinit {
        signal(SIGHUP, SIG_DFL)
        close(writeEnd)
    }
}

/// Where the handler writes: it can capture nothing.
private let reloadPipe = Atomic<Int32>(-1)
