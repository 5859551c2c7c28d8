import Foundation
import HTTP
import JSON

/// docs.github.com, "REST API endpoints for deployments" and "… for deployment statuses".
extension GitHubStandIn {
    /// The deployments of a repository, the oldest first, each with its `statuses`.
    package func deployments(of fullName: String) -> [JSON] {
        state.withLock { state in
            guard let id = state.repository(fullName)?.id else { return [] }
            return state.deployments.filter { state.deploymentRepositories[$0.key] == id }
                .sorted { $0.key < $1.key }
                .map { id, deployment in
                    var shown = deployment
                    shown["statuses"] = .array(state.deploymentStatuses[id] ?? [])
                    return shown
                }
        }
    }

    func deployments(_ call: RepositoryCall) async throws -> HTTPResponse {
        switch (call.request.method, call.rest.count) {
        case ("POST", 1): return try await createDeployment(call)
        case ("GET", 1): return try list(call)
        case ("GET", 3) where call.rest[2] == "statuses":
            try call.need("deployments", "read")
            let id = try known(call)
            let statuses = state.withLock { $0.deploymentStatuses[id] ?? [] }
            return page(statuses.reversed(), call)
        case ("POST", 3) where call.rest[2] == "statuses": return try createStatus(call)
        default: throw APIRefusal(status: 404, message: "Not Found")
        }
    }

    private func list(_ call: RepositoryCall) throws -> HTTPResponse {
        try call.need("deployments", "read")
        let query = call.request.query
        let matching = deployments(of: call.repository.fullName).reversed().filter { deployment in
            ["sha", "ref", "task", "environment"].allSatisfy { name in
                query[name] == nil || query[name] == deployment[name]?.string
            }
        }
        return page(matching.map {
            var shown = $0
            shown["statuses"] = nil
            return shown
        }, call)
    }

    private func createDeployment(_ call: RepositoryCall) async throws -> HTTPResponse {
        try call.need("deployments", "write")
        let body = call.request.body ?? [:]
        try Self.check(body, known: [
            "ref", "task", "auto_merge", "required_contexts", "payload", "environment", "description",
            "transient_environment", "production_environment",
        ], needed: ["ref"])
        let reference = body["ref"]?.string ?? ""
        guard let sha = await commit(reference, call.repository) else {
            throw APIRefusal(status: 422, message: "No ref found for: \(reference)")
        }
        // Merging the default branch into what is deployed would change it.
        guard body["auto_merge"] == false else {
            throw APIRefusal(status: 409, message: "Conflict merging \(call.repository.defaultBranch) into \(reference).")
        }
        let unfinished = checkRuns(of: call.repository.fullName).contains {
            $0["head_sha"]?.string == sha && $0["conclusion"]?.string != "success"
        }
        if body["required_contexts"]?.array == nil, unfinished {
            throw APIRefusal(status: 409, message: "Conflict: Commit status checks failed for \(reference).")
        }
        let deployment = state.withLock { state in
            let id = state.nextID()
            var deployment: JSON = [
                "id": .int(id), "sha": .string(sha), "ref": .string(reference), "task": "deploy",
                "environment": "production", "payload": [:],
            ]
            for (name, value) in body.object ?? [:] where !["auto_merge", "required_contexts"].contains(name) {
                deployment[name] = value
            }
            state.deployments[id] = deployment
            state.deploymentRepositories[id] = call.repository.id
            return deployment
        }
        return Self.json(201, deployment)
    }

    private static let states = [
        "error", "failure", "inactive", "in_progress", "queued", "pending", "success",
    ]

    private func createStatus(_ call: RepositoryCall) throws -> HTTPResponse {
        try call.need("deployments", "write")
        let id = try known(call)
        let body = call.request.body ?? [:]
        try Self.check(body, known: [
            "state", "target_url", "log_url", "description", "environment", "environment_url", "auto_inactive",
        ], needed: ["state"])
        guard Self.states.contains(body["state"]?.string ?? "") else { throw Self.invalid("state") }
        for name in ["log_url", "environment_url"] where body[name] != nil {
            guard body[name]?.string?.hasPrefix("http") ?? false else { throw Self.invalid(name) }
        }
        let status = state.withLock { state in
            var status = body
            status["id"] = .int(state.nextID())
            state.deploymentStatuses[id, default: []].append(status)
            return status
        }
        return Self.json(201, status)
    }

    private func known(_ call: RepositoryCall) throws -> Int {
        let id = Int(call.rest[1]) ?? 0
        let isKnown = state.withLock { $0.deploymentRepositories[id] == call.repository.id }
        guard isKnown else { throw APIRefusal(status: 404, message: "Not Found") }
        return id
    }

    private static func check(_ body: JSON, known: Set<String>, needed: [String]) throws {
        for name in (body.object ?? [:]).keys where !known.contains(name) { throw invalid(name) }
        for name in needed where body[name]?.string?.isEmpty ?? true { throw invalid(name, "missing_field") }
        if body["description"]?.string?.count ?? 0 > 140 { throw invalid("description", "too_long") }
    }

    private static func invalid(_ field: String, _ code: String = "invalid") -> APIRefusal {
        APIRefusal(status: 422, message: "Validation Failed", errors: [
            ["resource": "Deployment", "field": .string(field), "code": .string(code)]
        ])
    }
}
