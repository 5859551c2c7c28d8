import JSON
import Synchronization

/// One watch's answer: a line per event.
final class WatchLines: Sendable {
    private struct Broken: Error {}

    private let events: AsyncStream<WatchEvent>
    private let encode: @Sendable (WatchEvent) -> [UInt8]
    private let faults: APIFaults
    private let isCut = Mutex(false)

    init(
        _ events: AsyncStream<WatchEvent>, faults: APIFaults,
        encode: @escaping @Sendable (WatchEvent) -> [UInt8]
    ) {
        self.events = events
        self.faults = faults
        self.encode = encode
    }

    /// - Throws: when the line before was cut: that breaks the connection.
    func next() async throws -> [UInt8]? {
        if isCut.withLock({ $0 }) { throw Broken() }
        // All iterators of one stream share its queue.
        var iterator = events.makeAsyncIterator()
        guard let line = await iterator.next().map(encode) else { return nil }
        guard faults.cut() else { return line }
        isCut.withLock { $0 = true }
        return Array(line.prefix(line.count / 2))
    }
}
