import Deploys
import Synchronization

/// Which logs are being written, and who waits for more of them.
final class LiveLogs: Sendable {
    private struct Build: Hashable {
        let app: AppID
        let number: Int
    }

    private struct State {
        var nextTicket = 0
        /// The log that is written, by ticket.
        var open: [Int: (path: String, build: Build)] = [:]
        var watches: [Build: [Int: Signal]] = [:]
        /// How often logs were begun anew, of the builds of which any was.
        var repeats: [Build: Int] = [:]

        mutating func ticket() -> Int {
            nextTicket += 1
            return nextTicket
        }
    }

    private let state = Mutex(State())
    /// An earlier process may have begun logs anew, too: nobody goes on where that one left them.
    private let firstGeneration = Int.random(in: 0..<(1 << 40)) << 10

    /// - Parameter isAnew: there was a log of that name.
    /// - Returns: what `end` wants.
    func begin(_ path: String, of app: AppID, build: Int, isAnew: Bool) -> Int {
        state.withLock { state in
            let ticket = state.ticket()
            let build = Build(app: app, number: build)
            state.open[ticket] = (path, build)
            if isAnew { state.repeats[build, default: 0] += 1 }
            return ticket
        }
    }

    func generation(of app: AppID, build: Int) -> Int {
        firstGeneration + state.withLock { $0.repeats[Build(app: app, number: build)] ?? 0 }
    }

    func end(_ ticket: Int) {
        let signals = state.withLock { state in
            let ended = state.open.removeValue(forKey: ticket)
            return ended.flatMap { state.watches[$0.build] }
        }
        signals?.values.forEach { $0.fire() }
    }

    func changed(_ app: AppID, build: Int) {
        let signals = state.withLock { state in
            // Most logs are written while nobody looks.
            state.watches.isEmpty ? nil : state.watches[Build(app: app, number: build)]
        }
        signals?.values.forEach { $0.fire() }
    }

    func isOpen(_ path: String) -> Bool {
        state.withLock { state in state.open.values.contains { $0.path == path } }
    }

    /// Does something while the log can't be begun anew; nil when it is being written.
    func unlessOpen<T: Sendable>(_ path: String, _ work: () -> T) -> T? {
        state.withLock { state in state.open.values.contains { $0.path == path } ? nil : work() }
    }

    func watch(_ app: AppID, build: Int, _ signal: Signal) -> SignalWatch {
        let build = Build(app: app, number: build)
        let ticket = state.withLock { state in
            let ticket = state.ticket()
            state.watches[build, default: [:]][ticket] = signal
            return ticket
        }
        return SignalWatch(signal: signal) { [self] in
            state.withLock { state in
                state.watches[build]?[ticket] = nil
                if state.watches[build]?.isEmpty == true { state.watches[build] = nil }
            }
        }
    }
}
