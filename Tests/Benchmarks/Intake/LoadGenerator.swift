import Foundation
import Synchronization
import TestSupport

/// Sends requests over keep-alive connections, with epoll, and notes how long each answer took.
///
/// It runs in the process that measures, on threads of its own: what it costs weighs on all servers alike.
struct LoadGenerator: Sendable {
    enum Pace: Sendable {
        /// Each connection sends its next request when it has its answer.
        case asFastAsAnswered
        /// So many in a second, whether the ones before were answered or not; the wait counts from the time at which
        /// the request was due.
        case perSecond(Int)
    }

    /// One thread can't keep the fastest server busy.
    static let maxThreads = 2

    let port: Int
    let connections: Int
    var pace = Pace.asFastAsAnswered
    /// What a good answer's body has; empty for any.
    var mark = ""
    /// Nothing more is sent after so long.
    var maxSeconds = 60.0
    /// Whether requests may come again, for a server that does not look at them.
    var repeats = false

    /// Sends until there are no more requests, or time is up; returns when all is answered.
    /// - Throws: when the server closes a connection or does not answer for `GeneratorThread.maxSilenceSeconds`.
    func run(_ requests: CommandRequests) async throws -> LoadOutcome {
        let feed = RequestFeed(requests, pace: pace, maxSeconds: maxSeconds, repeats: repeats)
        let threads = min(Self.maxThreads, connections)
        return try await withThrowingTaskGroup(of: LoadOutcome.self) { group in
            for index in 0..<threads {
                let share = (connections + index) / threads
                group.addTask { try await onThread(GeneratorSettings(port: port, connections: share, mark: mark), feed) }
            }
            var outcome = LoadOutcome()
            for try await part in group { outcome.add(part) }
            return outcome
        }
    }

    private func onThread(_ settings: GeneratorSettings, _ feed: RequestFeed) async throws -> LoadOutcome {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        var thread = try GeneratorThread(settings, feed)
                        defer { thread.close() }
                        return try thread.run()
                    })
            }
        }
    }
}

/// Requests that are sent by whichever thread comes first.
final class RequestFeed: Sendable {
    let requests: CommandRequests
    /// On the clock of `GeneratorThread.now`.
    let start: UInt64
    let end: UInt64
    private let interval: UInt64
    private let repeats: Bool
    private let taken = Atomic(0)

    init(_ requests: CommandRequests, pace: LoadGenerator.Pace, maxSeconds: Double, repeats: Bool) {
        self.requests = requests
        self.repeats = repeats
        start = GeneratorThread.now
        end = start + UInt64(maxSeconds * 1e9)
        interval = if case .perSecond(let rate) = pace { 1_000_000_000 / UInt64(rate) } else { 0 }
    }

    /// - Returns: the bytes of the next request, and when it is to be sent, 0 for at once; nil when there are no more.
    func next() -> (range: Range<Int>, due: UInt64)? {
        let number = taken.add(1, ordering: .relaxed).oldValue
        guard repeats || number < requests.count else { return nil }
        let index = number % requests.count
        let due = interval == 0 ? 0 : start + UInt64(number) * interval
        return (requests.offsets[index]..<requests.offsets[index + 1], due)
    }
}
