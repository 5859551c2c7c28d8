import Deploys
import Foundation
import Synchronization

/// SIGHUP, by which operators ask daemons to read their files again (daemon(7)), as something to wait for.
package final class ReloadSignal: Sendable {
    /// Fired by every SIGHUP.
    package let received = Signal()
    private let writeEnd: Int32

    /// For one owner at a time: a process has one handler for a signal.
    /// - Throws: a sentence when the process has no file descriptors left.
    package init() throws {
        writeEnd = try SignalPipe.open(thread: "reload") { [received] in
            received.fire()
            return true
        }
        reloadPipe.store(writeEnd, ordering: .sequentiallyConsistent)
        signal(SIGHUP) { _ in SignalPipe.ring(reloadPipe) }
    }

    deinit {
        signal(SIGHUP, SIG_DFL)
        close(writeEnd)
    }
}

/// Where the handler writes: it can capture nothing.
private let reloadPipe = Atomic<Int32>(-1)
