import JSON

extension DockerEngineClient {
    package struct LogOptions: Sendable, Equatable {
        /// Only so many lines from the end; nil is all.
        package var tailLines: Int?
        /// Each line begins with its RFC 3339 time in nanoseconds and a space.
        package var timestamps = false
        /// Seconds since 1970; older lines are left out.
        package var since: Int?
        /// Go on with new lines until the container dies.
        package var follow = false
        package init() {}
    }

    /// What the container wrote to standard output and error, in order of arrival; ends with the container
    /// when following, else with what there is.
    package func logs(
        _ id: String, _ options: LogOptions
    ) async throws(EngineError) -> AsyncThrowingStream<[UInt8], any Error> {
        var query = [
            ("stdout", "1"), ("stderr", "1"), ("tail", options.tailLines.map { "\($0)" } ?? "all"),
            ("timestamps", options.timestamps ? "1" : "0"), ("follow", options.follow ? "1" : "0"),
        ]
        if let since = options.since { query.append(("since", "\(since)")) }
        let chunks = try await open("GET", "/containers/\(id)/logs", query: query)
        return AsyncThrowingStream { continuation in
            let task = Task {
                var frames = LogFrames()
                do {
                    for try await chunk in chunks {
                        let output = frames.add(chunk)
                        if !output.isEmpty { continuation.yield(output) }
                    }
                    continuation.finish()
                } catch { continuation.finish(throwing: Self.engineError(error)) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Events of containers with that label from now on. Returns once the engine has the subscription, so
    /// that nothing after the return is missed. Ends or throws when the engine goes away.
    package func events(
        label: String, value: String
    ) async throws(EngineError) -> AsyncThrowingStream<EngineEvent, any Error> {
        let filters: JSON = ["type": ["container"], "label": [.string("\(label)=\(value)")]]
        let chunks = try await open("GET", "/events", query: [("filters", filters.text)])
        return AsyncThrowingStream { continuation in
            let task = Task {
                var lines = LineSplitter()
                do {
                    for try await chunk in chunks {
                        for line in lines.add(chunk) {
                            guard let json = try? JSON.parse(line), let event = EngineEvent(json: json)
                            else { continue }
                            continuation.yield(event)
                        }
                    }
                    continuation.finish()
                } catch { continuation.finish(throwing: Self.engineError(error)) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
