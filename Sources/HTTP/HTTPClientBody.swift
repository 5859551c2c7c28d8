import Synchronization

/// The bytes of a stream between libcurl's thread and the reader. Dropping it ends the transfer.
///
/// The reader is always resumed outside of the lock: resuming takes a lock of the reading task, which whoever
/// cancels that task holds while `next`'s cancellation handler wants ours.
final class HTTPClientBody: Sendable {
    /// The transfer pauses beyond this.
    static let maxBufferedBytes = 1 << 20
    /// What libcurl reads before it offers it. Not more than is taken from here at once: for a paused stream libcurl
    /// keeps what it has read, and fails beyond 64 MiB.
    static let maxUnofferedBytes = 512 << 10

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

    /// False when the reader is too far behind: the bytes were not taken, and the transfer shall pause.
    func offer(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let (reader, isTaken) = state.withLock { state -> (Reader?, Bool) in
            if let reader = state.takeReader() { return (reader, true) }
            guard state.bytes.count < Self.maxBufferedBytes else {
                state.isPaused = true
                return (nil, false)
            }
            state.bytes.append(contentsOf: bytes)
            return (nil, true)
        }
        reader?.resume(returning: .success(Array(bytes)))
        return isTaken
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
