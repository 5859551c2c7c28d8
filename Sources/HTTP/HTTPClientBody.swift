import Synchronization

/// The bytes of a stream between libcurl's thread and the reader. Dropping it ends the transfer.
///
/// The reader is always resumed outside of the lock: resuming takes a lock of the reading task, which whoever
/// cancels that task holds while `next`'s cancellation handler wants ours.
final class HTTPClientBody: Sendable {
    /// The transfer pauses beyond this.
    static let maxBufferedBytes = 1 << 20
    /// A transfer that shares its connection ends beyond this.
    static let maxSharedBufferedBytes = 64 << 20

    enum Answer { case taken, pause, tooFarBehind }

    private typealias Reader = CheckedContinuation<Result<[UInt8]?, HTTPClientError>, Never>

    private struct State {
        var bytes: [UInt8] = []
        var isPaused = false
        /// Set at the end: nil inside for a complete body.
        var end: HTTPClientError??
        var reader: Reader?

        /// What the reader gets at once; nil when it has to wait, and is kept.
        mutating func answer(_ reader: Reader) -> Result<[UInt8]?, HTTPClientError>? {
            if !bytes.isEmpty {
                defer { bytes = [] }
                return .success(bytes)
            }
            if let end { return end.map { .failure($0) } ?? .success(nil) }
            guard self.reader == nil else { return .failure(.broken(reason: "a stream has one reader only")) }
            self.reader = reader
            return nil
        }

        mutating func takeReader() -> Reader? {
            defer { reader = nil }
            return reader
        }
    }

    private let state = Mutex(State())
    /// Other transfers use the same connection (HTTP/2). Pausing one would hold them up: libcurl keeps what has come
    /// for it, and reads nothing for anybody until it is taken.
    private let isShared: Bool

    init(isShared: Bool = false) {
        self.isShared = isShared
    }

    /// The bytes were not taken unless the answer says so.
    func offer(_ bytes: UnsafeBufferPointer<UInt8>) -> Answer {
        let (reader, answer) = state.withLock { state -> (Reader?, Answer) in
            if let reader = state.takeReader() { return (reader, .taken) }
            let limit = isShared ? Self.maxSharedBufferedBytes : Self.maxBufferedBytes
            guard state.bytes.count < limit else {
                if isShared { return (nil, .tooFarBehind) }
                state.isPaused = true
                return (nil, .pause)
            }
            state.bytes.append(contentsOf: bytes)
            return (nil, .taken)
        }
        reader?.resume(returning: .success(Array(bytes)))
        return answer
    }

    /// - Parameter error: nil when the body is complete.
    func finish(_ error: HTTPClientError?) {
        let reader = state.withLock { state -> Reader? in
            guard state.end == nil else { return nil }
            state.end = .some(error)
            return state.takeReader()
        }
        reader?.resume(returning: error.map { .failure($0) } ?? .success(nil))
    }

    /// What has come so far, or the next that comes; nil at the end of the body.
    /// - Parameter resume: called when the transfer was paused and may go on.
    func next(resume: () -> Void) async throws(HTTPClientError) -> [UInt8]? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                take(continuation, resume: resume)
            }
        } onCancel: {
            finish(.cancelled)
        }
        return try result.get()
    }

    private func take(_ reader: Reader, resume: () -> Void) {
        let (answer, wasPaused) = state.withLock { state in
            defer { state.isPaused = false }
            return (state.answer(reader), state.isPaused)
        }
        if let answer { reader.resume(returning: answer) }
        if wasPaused { resume() }
    }
}
