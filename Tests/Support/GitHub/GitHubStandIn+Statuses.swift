import Foundation
import HTTP
import JSON

/// docs.github.com, "REST API endpoints for commit statuses".
extension GitHubStandIn {
    /// The statuses of a repository's commits, the oldest first.
    package func commitStatuses(of fullName: String) -> [JSON] {
        state.withLock { state in state.repository(fullName).flatMap { state.commitStatuses[$0.id] } ?? [] }
    }

    func setCommitStatus(_ call: RepositoryCall) async throws -> HTTPResponse {
        guard call.request.method == "POST", call.rest.count == 2 else {
            throw APIRefusal(status: 404, message: "Not Found")
        }
        try call.need("statuses", "write")
        let (body, sha) = (call.request.body ?? [:], call.rest[1])
        for name in (body.object ?? [:]).keys where !["state", "target_url", "description", "context"].contains(name) {
            throw Self.invalidStatus(name)
        }
        guard ["error", "failure", "pending", "success"].contains(body["state"]?.string ?? "") else {
            throw Self.invalidStatus("state")
        }
        if body["description"]?.string?.count ?? 0 > 140 { throw Self.invalidStatus("description") }
        if let url = body["target_url"], !(url.string?.hasPrefix("http") ?? false) {
            throw Self.invalidStatus("target_url")
        }
        guard sha.utf8.count == 40, await commit(sha, call.repository) == sha else {
            throw APIRefusal(status: 422, message: "No commit found for SHA: \(sha)")
        }
        let status = state.withLock { state in
            var status = body
            status["id"] = .int(state.nextID())
            status["sha"] = .string(sha)
            state.commitStatuses[call.repository.id, default: []].append(status)
            return status
        }
        return Self.json(201, status)
    }

    private static func invalidStatus(_ field: String) -> APIRefusal {
        APIRefusal(status: 422, message: "Validation Failed", errors: [
            ["resource": "Status", "field": .string(field), "code": "invalid"]
        ])
    }
}
