import Deploys
import Foundation
import Synchronization

/// SIGTERM and SIGINT as something to wait for. A second one ends the process at once.
///
/// A signal that comes right after `init` is not missed, as it could be with a source of Dispatch's: those are
/// installed some time later.
package final class TerminationSignals: Sendable {
    private let received = Signal()
    private let writeEnd: Int32

    private static let numbers = [SIGTERM, SIGINT]

    /// For one owner at a time: a process has one handler for a signal.
    /// - Throws: a sentence when the process has no file descriptors left.
    package init() throws {
        writeEnd = try SignalPipe.open(thread: "signals") { [received] in
            received.fire()
            return false
        }
        handlersPipe.store(writeEnd, ordering: .sequentiallyConsistent)
        for number in Self.numbers {
            signal(number) { _ in
                signal(SIGTERM, SIG_DFL)
                signal(SIGINT, SIG_DFL)
                SignalPipe.ring(handlersPipe)
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
