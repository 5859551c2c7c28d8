import CLinux
import Deploys
import Foundation
import Synchronization

/// SIGTERM and SIGINT as something to wait for. A second one ends the process at once.
///
/// A handler may do little more than write(2) (signal-safety(7)), so it writes to a pipe whose other end a thread
/// reads. A signal that comes right after `init` is not missed, as it could be with a source of Dispatch's: those are
/// installed some time later.
package final class TerminationSignals: Sendable {
    private let received = Signal()
    private let writeEnd: Int32

    private static let numbers = [SIGTERM, SIGINT]
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
        handlersPipe.store(writeEnd, ordering: .sequentiallyConsistent)
        let thread = Thread { [received, readEnd] in
            var byte: UInt8 = 0
            while read(readEnd, &byte, 1) < 0, errno == EINTR {}
            close(readEnd)
            received.fire()
        }
        thread.name = "signals"
        thread.stackSize = Self.stackBytes
        thread.start()
        for number in Self.numbers {
            signal(number) { _ in
                // Whatever was interrupted may be about to read its own.
                let interrupted = errno
                defer { errno = interrupted }
                signal(SIGTERM, SIG_DFL)
                signal(SIGINT, SIG_DFL)
                var byte: UInt8 = 1
                _ = write(handlersPipe.load(ordering: .sequentiallyConsistent), &byte, 1)
            }
        }
    }

    deinit {
        for number in Self.numbers { signal(number, SIG_DFL) }
        close(writeEnd)
    }

    package func wait() async { await received.wait() }
}

/// Where the handler writes: it can capture nothing.
private let handlersPipe = Atomic<Int32>(-1)
