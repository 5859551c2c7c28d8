import Synchronization

/// The bytes of a stream between libcurl's thread and the reader. Dropping it ends the transfer.
final class HTTPClientBody: Sendable {
    /// The transfer pauses beyond this.
    static let maxBufferedBytes = 1 << 20

    private struct State {
        var bytes: [UInt8] = []
        var isPaused = false
        /// Set at the end: nil inside for a complete body.
        var end: HTTPClientError??
        var reader: CheckedContinuation<Result<[UInt8]?, HTTPClientError>, Never>?
    }

    private let state = Mutex(State())

    /// False when the reader is too far behind: the bytes were not taken, and the transfer shall pause.
    func offer(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        state.withLock { state in
            if let reader = state.reader {
                state.reader = nil
                reader.resume(returning: .success(Array(bytes)))
                return true
            }
            guard state.bytes.count < Self.maxBufferedBytes else {
                state.isPaused = true
                return false
            }
            state.bytes.append(contentsOf: bytes)
            return true
        }
    }

    /// - Parameter error: nil when the body is complete.
    func finish(_ error: HTTPClientError?) {
        state.withLock { state in
            guard state.end == nil else { return }
            state.end = .some(error)
            guard let reader = state.reader else { return }
            state.reader = nil
            reader.resume(returning: error.map { .failure($0) } ?? .success(nil))
        }
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

    private func take(
        _ reader: CheckedContinuation<Result<[UInt8]?, HTTPClientError>, Never>, resume: () -> Void
    ) {
        let wasPaused = state.withLock { state in
            if !state.bytes.isEmpty {
                let bytes = state.bytes
                state.bytes = []
                reader.resume(returning: .success(bytes))
            } else if let end = state.end {
                reader.resume(returning: end.map { .failure($0) } ?? .success(nil))
            } else if state.reader != nil {
                reader.resume(returning: .failure(.broken(reason: "a stream has one reader only")))
            } else {
                state.reader = reader
            }
            defer { state.isPaused = false }
            return state.isPaused
        }
        if wasPaused { resume() }
    }
}
