import JSON

extension DockerEngineClient {
    /// - Returns: the new container's id. Throws `.conflict` when the name is taken and `.notFound` when the
    ///   engine has no such image.
    package func create(_ spec: ContainerSpec) async throws(EngineError) -> String {
        let answer = try await call(
            "POST", "/containers/create", query: [("name", spec.name)], body: spec.body)
        guard let id = answer["Id"]?.string else { throw .unreadable(reason: "no Id of a new container") }
        return id
    }

    /// As `create`, in place of a container of that name: left from an attempt of which we never heard the
    /// end.
    func createAnew(_ spec: ContainerSpec) async throws(EngineError) -> String {
        do {
            return try await create(spec)
        } catch {
            guard case .conflict = error else { throw error }
            try await remove(spec.name)
            return try await create(spec)
        }
    }

    /// Starting a running container changes nothing.
    package func start(_ id: String) async throws(EngineError) {
        try await call("POST", "/containers/\(id)/start")
    }

    /// Sends a signal. Quietly does nothing when the container is not running any more.
    package func kill(_ id: String, signal: String) async throws(EngineError) {
        do {
            try await call("POST", "/containers/\(id)/kill", query: [("signal", signal)])
        } catch {
            switch error {
            case .conflict, .notFound: return
            default: throw error
            }
        }
    }

    /// Sends the container's stop signal, and SIGKILL when it still runs after `graceSeconds`. Returns when
    /// it is dead.
    package func stop(_ id: String, graceSeconds: Int) async throws(EngineError) {
        do {
            try await call(
                "POST", "/containers/\(id)/stop", query: [("t", "\(graceSeconds)")],
                timeout: .seconds(graceSeconds + 30))
        } catch EngineError.notFound { return }
    }

    /// Removes it, running or not. Removing what is gone, or going, changes nothing.
    package func remove(_ id: String) async throws(EngineError) {
        do {
            try await call("DELETE", "/containers/\(id)", query: [("force", "1"), ("v", "1")])
        } catch {
            switch error {
            case .conflict, .notFound: return
            default: throw error
            }
        }
    }

    /// Throws `.notFound` when there is none.
    package func inspect(_ id: String) async throws(EngineError) -> ContainerInspection {
        try ContainerInspection(json: try await call("GET", "/containers/\(id)/json"))
    }

    /// All containers, dead ones too, that carry the label.
    package func list(label: String, value: String) async throws(EngineError) -> [ContainerSummary] {
        let filters: JSON = ["label": [.string("\(label)=\(value)")]]
        let answer = try await call(
            "GET", "/containers/json", query: [("all", "1"), ("filters", filters.text)])
        return (answer.array ?? []).compactMap { item in
            guard let id = item["Id"]?.string else { return nil }
            return ContainerSummary(
                id: id, labels: (item["Labels"]?.object ?? [:]).compactMapValues(\.string),
                isRunning: item["State"]?.string == "running")
        }
    }
}
