import Deploys
import Dispatch
import Synchronization

/// A packed log while it is unpacked: never more than a piece ahead of whoever reads it.
final class PackedLog: OpenLog {
    private let pieces = LogPieces()
    private let work: Task<Void, Never>

    /// - Parameter place: given back when all is read, or nobody reads any more.
    init(_ path: String, at offset: Int, _ gzip: GzipProgram, _ place: UnpackingPlace) {
        let pieces = pieces
        pieces.skip(offset)
        work = Task.detached {
            await gzip.unpack(path) { pieces.add($0) }
            pieces.end()
            place.giveBack()
        }
    }

    deinit {
        pieces.abandon()
        work.cancel()
    }

    var isGrowing: Bool { false }

    func read(maxBytes: Int) async -> [UInt8] { await pieces.next(maxBytes: maxBytes) }
}

/// Hands lines from the thread that unpacks them to the task that reads them.
final class LogPieces: Sendable {
    private struct State {
        /// Lines still to be left out, in bytes.
        var skippedBytes = 0
        var ready: [UInt8] = []
        var isOver = false
        var isAbandoned = false
        var reader: (continuation: CheckedContinuation<[UInt8], Never>, maxBytes: Int)?

        /// What a reader gets now; nil when it must wait.
        mutating func take(_ maxBytes: Int) -> [UInt8]? {
            guard isOver || ready.count >= LogPieces.pieceBytes else { return nil }
            guard ready.count > maxBytes else {
                defer { ready = [] }
                return ready
            }
            let last = ready[..<maxBytes].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? maxBytes
            defer { ready.removeFirst(last) }
            return Array(ready[..<last])
        }
    }

    /// So much is unpacked ahead of its reader.
    static let pieceBytes = 64 << 10

    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: 0)

    func skip(_ bytes: Int) { state.withLock { $0.skippedBytes = max(0, bytes) } }

    /// Waits, on the caller's own thread, until the reader has taken what there is.
    func add(_ line: String) {
        while true {
            let (isFull, reader, bytes) = state.withLock { state in put(line, &state) }
            if let reader { reader.resume(returning: bytes) }
            guard isFull else { return }
            room.wait()
        }
    }

    /// - Returns: whether there was no room; and who waits for which bytes.
    private func put(_ line: String, _ state: inout State) -> (Bool, CheckedContinuation<[UInt8], Never>?, [UInt8]) {
        if state.isAbandoned { return (false, nil, []) }
        if state.ready.count >= Self.pieceBytes { return (true, nil, []) }
        guard state.skippedBytes <= 0 else {
            state.skippedBytes -= line.utf8.count + 1
            return (false, nil, [])
        }
        state.ready += line.utf8
        state.ready.append(UInt8(ascii: "\n"))
        guard let reader = state.reader, let bytes = state.take(reader.maxBytes) else { return (false, nil, []) }
        state.reader = nil
        return (false, reader.continuation, bytes)
    }

    func end() {
        let (reader, bytes) = state.withLock { state in
            state.isOver = true
            let reader = state.reader
            state.reader = nil
            return (reader, reader.flatMap { state.take($0.maxBytes) } ?? [])
        }
        reader?.continuation.resume(returning: bytes)
    }

    func abandon() {
        state.withLock { $0.isAbandoned = true }
        room.signal()
    }

    /// Empty at the end. One reader at a time.
    func next(maxBytes: Int) async -> [UInt8] {
        await withCheckedContinuation { continuation in
            let bytes = state.withLock { state -> [UInt8]? in
                if let bytes = state.take(maxBytes) { return bytes }
                state.reader = (continuation, maxBytes)
                return nil
            }
            if let bytes { continuation.resume(returning: bytes) }
            room.signal()
        }
    }
}

/// So many logs are unpacked at once.
final class UnpackingPlaces: Sendable {
    static let maxPlaces = 16
    private let taken = Mutex(0)

    /// Nil when all are taken.
    func take() -> UnpackingPlace? {
        let isFree = taken.withLock { taken in
            guard taken < Self.maxPlaces else { return false }
            taken += 1
            return true
        }
        return isFree ? UnpackingPlace { [self] in taken.withLock { $0 -= 1 } } : nil
    }

    private static let pause = Duration.milliseconds(50)

    /// Nil when the task is cancelled before one is free.
    func wait() async -> UnpackingPlace? {
        while !Task.isCancelled {
            if let place = take() { return place }
            try? await Task.sleep(for: Self.pause)
        }
        return nil
    }
}

struct UnpackingPlace: Sendable {
    let giveBack: @Sendable () -> Void
}

/// The last lines of a packed log, without colours.
final class LockedTail: Sendable {
    private let tail: Mutex<LogTail>

    init(maxBytes: Int) { tail = Mutex(LogTail(maxBytes: maxBytes)) }

    func add(_ line: String) { tail.withLock { $0.add(line) } }

    var value: LogEnd {
        let (lines, isCut) = tail.withLock { ($0.lines, $0.droppedLines > 0) }
        return LogEnd(text: lines.map { LogText.plain($0) + "\n" }.joined(), isCut: isCut)
    }
}
