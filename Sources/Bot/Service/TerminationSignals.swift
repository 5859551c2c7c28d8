import Deploys
@preconcurrency import Dispatch
import Foundation

/// SIGTERM and SIGINT as something to wait for. A second one ends the process at once.
package final class TerminationSignals: Sendable {
    private let received = Signal()
    private let sources: [any DispatchSourceSignal]

    package init() {
        let received = received
        let numbers = [SIGTERM, SIGINT]
        sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                received.fire()
                numbers.forEach { signal($0, SIG_DFL) }
            }
            source.resume()
            return source
        }
    }

    deinit { sources.forEach { $0.cancel() } }

    package func wait() async {
        await received.wait()
    }
}
