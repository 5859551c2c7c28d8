import Deploys

/// Hands a signal on to several loops: a signal wakes whoever waits for it at the moment, and the others would miss it.
struct SignalRelay: Sendable {
    let source: Signal
    let readers: [Signal]

    /// Works until the task is cancelled.
    func run() async {
        while true {
            await source.wait()
            guard !Task.isCancelled else { return }
            for reader in readers { reader.fire() }
        }
    }
}
