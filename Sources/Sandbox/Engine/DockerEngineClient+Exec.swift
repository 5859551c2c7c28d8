import JSON

extension DockerEngineClient {
    /// What a command in a container came to.
    struct Execution: Sendable, Equatable {
        let exitCode: Int
        /// Standard output and error in order of arrival, cut off at `maxExecOutputBytes`.
        let output: String
    }

    static let maxExecOutputBytes = 16 << 10

    /// Runs a command in a running container, without a shell (`ContainerExec`, `ExecStart`, `ExecInspect`).
    /// - Throws: `.timedOut` when it takes longer; it then goes on, for an engine cannot end it.
    func execute(
        _ command: [String], in container: String, timeout: Duration
    ) async throws(EngineError) -> Execution {
        let made = try await call(
            "POST", "/containers/\(container)/exec",
            body: [
                "AttachStdout": true, "AttachStderr": true, "Cmd": .array(command.map(JSON.string)),
            ])
        guard let id = made["Id"]?.string else { throw .unreadable(reason: "no Id of a command") }
        let chunks = try await open(
            "POST", "/exec/\(id)/start", query: [], body: ["Detach": false, "Tty": false], timeout: timeout)
        let output = try await Self.collect(chunks, timeout: timeout)
        guard let code = try await call("GET", "/exec/\(id)/json")["ExitCode"]?.int else { throw .timedOut }
        return Execution(exitCode: code, output: output)
    }

    private static func collect(
        _ chunks: AsyncThrowingStream<[UInt8], any Error>, timeout: Duration
    ) async throws(EngineError) -> String {
        let reading = Task { () -> String in
            var frames = LogFrames()
            var bytes: [UInt8] = []
            for try await chunk in chunks {
                bytes += frames.add(chunk).prefix(maxExecOutputBytes - bytes.count)
            }
            try Task.checkCancellation()
            return String(decoding: bytes, as: UTF8.self)
        }
        let limit = Task {
            try await Task.sleep(for: timeout)
            reading.cancel()
        }
        defer { limit.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await reading.value
            } onCancel: {
                reading.cancel()
            }
        } catch {
            // The reading is only ever cancelled by the limit, or with the task that waits for it.
            if error is CancellationError { throw Task.isCancelled ? .cancelled : .timedOut }
            throw engineError(error)
        }
    }
}
