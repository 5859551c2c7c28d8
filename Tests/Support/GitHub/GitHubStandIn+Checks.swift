import Foundation
import HTTP
import JSON

extension GitHubStandIn {
    /// The check runs of a repository as they are now, the oldest first, with all their annotations.
    package func checkRuns(of fullName: String) -> [JSON] {
        state.withLock { state in
            guard let id = state.repository(fullName)?.id else { return [] }
            return state.checkRuns.filter { state.checkRunRepositories[$0.key] == id }
                .sorted { $0.key < $1.key }.map(\.value)
        }
    }

    package func removeCheckRun(_ id: Int) {
        state.withLock {
            $0.checkRuns[id] = nil
            $0.checkRunRepositories[id] = nil
        }
    }

    func checkRuns(_ call: RepositoryCall) async throws -> HTTPResponse {
        switch (call.request.method, call.rest.count) {
        case ("POST", 1): return try await createCheckRun(call)
        case ("GET", 2):
            try call.need("checks", "read")
            return Self.json(200, shown(try known(call).run))
        case ("PATCH", 2): return try updateCheckRun(call)
        default: throw APIRefusal(status: 404, message: "Not Found")
        }
    }

    func checkRuns(ofCommit name: String, _ call: RepositoryCall) async throws -> HTTPResponse {
        try call.need("checks", "read")
        guard let sha = await commit(name, call.repository) else {
            throw APIRefusal(status: 422, message: "No commit found for SHA: \(name)")
        }
        let wanted = call.request.query["check_name"]
        let runs = checkRuns(of: call.repository.fullName).filter {
            $0["head_sha"]?.string == sha && (wanted == nil || $0["name"]?.string == wanted)
        }
        return page(runs.map(shown), call) { ["total_count": .int(runs.count), "check_runs": .array($0)] }
    }

    private func createCheckRun(_ call: RepositoryCall) async throws -> HTTPResponse {
        try needApp(call)
        let body = call.request.body ?? [:]
        try CheckRunRules.check(body, isNew: true)
        let sha = body["head_sha"]?.string ?? ""
        guard sha.utf8.count == 40, await commit(sha, call.repository) == sha else {
            throw APIRefusal(status: 422, message: "No commit found for SHA: \(sha)")
        }
        let run = state.withLock { state in
            let id = state.nextID()
            var run: JSON = [
                "id": .int(id), "head_sha": .string(sha), "status": "queued", "conclusion": .null,
                "app": ["id": .int(Int(Self.appID) ?? 0)], "check_suite": ["id": .int(id + 1_000_000)],
                "html_url": .string("http://127.0.0.1/\(call.repository.fullName)/runs/\(id)"),
            ]
            Self.merge(body, into: &run)
            state.checkRuns[id] = run
            state.checkRunRepositories[id] = call.repository.id
            return run
        }
        return Self.json(201, shown(run))
    }

    private func updateCheckRun(_ call: RepositoryCall) throws -> HTTPResponse {
        try needApp(call)
        let body = call.request.body ?? [:]
        try CheckRunRules.check(body, isNew: false)
        let id = try known(call).id
        let run = state.withLock { state -> JSON in
            var run = state.checkRuns[id] ?? [:]
            Self.merge(body, into: &run)
            state.checkRuns[id] = run
            return run
        }
        return Self.json(200, shown(run))
    }

    /// "To create a check run, you must use a GitHub App."
    private func needApp(_ call: RepositoryCall) throws {
        if case .token(let token) = call.caller, token.installation == nil {
            throw APIRefusal(status: 403, message: "You must authenticate via a GitHub App.")
        }
        try call.need("checks", "write")
    }

    private func known(_ call: RepositoryCall) throws -> (id: Int, run: JSON) {
        let id = Int(call.rest[1]) ?? 0
        let run = state.withLock { state in
            state.checkRunRepositories[id] == call.repository.id ? state.checkRuns[id] : nil
        }
        guard let run else { throw APIRefusal(status: 404, message: "Not Found") }
        return (id, run)
    }

    /// Fields are replaced; annotations are added to those that are there.
    private static func merge(_ body: JSON, into run: inout JSON) {
        let before = run.at("output", "annotations")?.array ?? []
        let earlier = run["output"]
        for (name, value) in body.object ?? [:] { run[name] = value }
        if var output = body["output"] {
            if output["title"] == nil { output["title"] = earlier?["title"] }
            output["annotations"] = .array(before + (output["annotations"]?.array ?? []))
            run["output"] = output
        }
        if body["conclusion"] != nil { run["status"] = "completed" }
        if let status = body["status"]?.string, status != "completed" { run["conclusion"] = .null }
    }

    /// An answer counts the annotations and does not list them.
    private func shown(_ run: JSON) -> JSON {
        guard var output = run["output"] else { return run }
        var shown = run
        output["annotations_count"] = .int(output["annotations"]?.array?.count ?? 0)
        output["annotations"] = nil
        shown["output"] = output
        return shown
    }
}
