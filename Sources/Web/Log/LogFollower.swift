import Deploys
import Foundation
import JSON

/// One reader's view of an operation and its logs, from a position on, as server-sent events (WHATWG HTML, section
/// 9.2).
///
/// Nothing is made before the reader has taken what was made: who reads slowly finds the rest in the files.
///
/// - `state`: how the operation is, see `OperationView`.
/// - `log`: a log's name, percent-encoded, then whole lines of it. Its id is the position behind them.
/// - `end`: there is nothing more to come.
actor LogFollower {
    /// Of one event.
    static let maxPieceBytes = 32 << 10
    /// Between looks at the journal, and at which logs there are.
    static let lookPause = Duration.milliseconds(400)
    /// So much is left for lines to gather in before they are sent.
    static let linePause = Duration.milliseconds(60)
    /// Then the reader comes again, and must still be allowed to.
    static let maxDuration = Duration.seconds(3_600)

    private let id: OperationID
    private let source: LogSource
    private let signal = Signal()
    private let place: LogStreamPlace
    private let news: SignalWatch
    private var growth: SignalWatch?
    private var position: LogPosition
    private var operation: Deploys.Operation?
    private var names: [String] = []
    private var logs: [String: any OpenLog] = [:]
    private var lastView: JSON?
    private var lastLook: ContinuousClock.Instant?
    private var mayBeNews = true
    private var isOver = false
    private let end = ContinuousClock.now + maxDuration

    init(_ id: OperationID, _ source: LogSource, from position: LogPosition?, _ place: LogStreamPlace) {
        self.id = id
        self.source = source
        self.place = place
        self.position = position ?? LogPosition(build: 0, generation: 0)
        news = source.news.forward(to: signal)
    }

    /// The next events; nil when nothing more comes. Throws when the journal can't be read: the reader comes again.
    func next() async throws -> [UInt8]? {
        while !isOver, !Task.isCancelled, ContinuousClock.now < end {
            if let event = try await look() { return event }
            if let event = try await read() { return event }
            if operation?.isFinished == true, !mayBeNews {
                isOver = true
                return Array("event: end\ndata: end\n\n".utf8)
            }
            if let beat = await wait() { return beat }
        }
        return nil
    }

    // MARK: The operation

    private func look() async throws -> [UInt8]? {
        guard mayBeNews, lastLook.map({ ContinuousClock.now >= $0 + Self.lookPause }) ?? true else { return nil }
        lastLook = .now
        mayBeNews = false
        guard let operation = try await source.journal.operation(id) else {
            isOver = true
            return nil
        }
        let report = try await source.reports.report(on: id)
        self.operation = operation
        try await lookForLogs(operation)
        let view = OperationView(
            operation: operation, report: report, logs: names, round: position.round, mask: source.mask
        ).json
        guard view != lastView else { return nil }
        lastView = view
        var timed = view
        timed["now"] = .double(source.now().timeIntervalSince1970)
        return Array("id: \(position.text)\nevent: state\ndata: \(timed.text)\n\n".utf8)
    }

    private func lookForLogs(_ operation: Deploys.Operation) async throws {
        guard let build = operation.buildNumber else { return }
        if growth == nil || position.build != build {
            // Before anything is read, so that nothing is missed.
            growth = source.logs.watch(operation.app, build: build, signal)
        }
        let fresh = LogPosition(
            build: build, generation: source.logs.generation(of: operation.app, build: build))
        if position.round != fresh.round {
            position = fresh
            logs = [:]
        }
        let references = await source.logs.logs(of: operation.app, build: build)
        names = references.map { $0.appling ?? "" }
        for reference in references where logs[reference.appling ?? ""] == nil {
            let name = reference.appling ?? ""
            do throws(LogsBusy) {
                logs[name] = try await source.logs.open(reference, at: position.offsets[name] ?? 0)
            } catch { mayBeNews = true }
        }
    }

    // MARK: Its logs

    private func read() async throws -> [UInt8]? {
        for name in names {
            guard let log = logs[name] else { continue }
            let bytes = await log.read(maxBytes: Self.maxPieceBytes)
            guard !bytes.isEmpty else { continue }
            position.offsets[name, default: 0] += bytes.count
            return event(name, bytes)
        }
        return nil
    }

    /// A carriage return would end a field, so none is sent; offsets count the file's bytes.
    private func event(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        var event = Array("id: \(position.text)\nevent: log\ndata: \(LogPosition.encoded(name))".utf8)
        event.reserveCapacity(bytes.count + bytes.count / 4 + 200)
        let lines = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        for line in lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            event += Array("\ndata: ".utf8)
            event += line.contains(0x0D) ? line.filter { $0 != 0x0D } : Array(line)
        }
        return event + Array("\n\n".utf8)
    }

    // MARK: Waiting

    /// - Returns: a sign of life, when nothing happened for a while.
    private func wait() async -> [UInt8]? {
        let due = lastLook.map { $0 + Self.lookPause } ?? .now
        let start = ContinuousClock.now
        let limit = mayBeNews ? max(start.duration(to: due), .milliseconds(1)) : source.heartbeat
        await signal.wait(atMost: limit)
        if !mayBeNews, ContinuousClock.now - start >= source.heartbeat { return beat() }
        mayBeNews = true
        try? await Task.sleep(for: Self.linePause)
        return nil
    }

    private func beat() -> [UInt8] {
        mayBeNews = true
        return Array(": still here\n\n".utf8)
    }
}

/// What a follower reads.
struct LogSource: Sendable {
    let journal: any Journal
    let reports: any ReportReader
    let logs: any BuildLogReader
    let mask: SecretMask
    /// Fired when an operation may have changed.
    let news: Signal
    let now: @Sendable () -> Date
    /// A proxy on the way ends what says nothing for longer.
    var heartbeat = Duration.seconds(15)
}
