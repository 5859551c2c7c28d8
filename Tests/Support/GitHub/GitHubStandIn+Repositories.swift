import Foundation
import HTTP
import JSON

/// A request about a repository, from somebody who may see it.
struct RepositoryCall: Sendable {
    let request: APIRequest
    let repository: GitHubStandIn.Repository
    let caller: GitHubStandIn.Caller
    /// Behind the repository's own path.
    let rest: [String]

    var route: String { "\(request.method) \(rest.joined(separator: "/"))" }

    /// - Throws: GitHub's refusal, which names the permission.
    func need(_ permission: String, _ level: String) throws {
        guard case .token(let token) = caller else { throw APIRefusal(status: 401, message: "Bad credentials") }
        guard let permissions = token.permissions else { return }
        guard GitHubStandIn.covers(permissions[permission], level) else {
            throw APIRefusal(
                status: 403, message: "Resource not accessible by integration",
                headers: ["X-Accepted-GitHub-Permissions": "\(permission)=\(level)"])
        }
    }
}

extension GitHubStandIn {
    func route(_ call: APIRequest, _ caller: Caller) async throws -> HTTPResponse {
        let parts = call.parts
        switch parts.first {
        case "app":
            guard case .app = caller else {
                throw APIRefusal(status: 401, message: "A JSON web token could not be decoded")
            }
            return try await appRoute(call)
        case "repos" where parts.count >= 3:
            let name = "\(parts[1])/\(parts[2])"
            let (found, moved) = state.withLock { ($0.repository(name), $0.renamed[name.lowercased()]) }
            if let found { return try await about(found, call, caller, Array(parts.dropFirst(3))) }
            guard let moved else { throw APIRefusal(status: 404, message: "Not Found") }
            return redirect(call, to: moved, Array(parts.dropFirst(3)))
        case "repositories" where parts.count >= 2:
            guard let found = state.withLock({ $0.repositories[Int(parts[1]) ?? 0] }) else {
                throw APIRefusal(status: 404, message: "Not Found")
            }
            return try await about(found, call, caller, Array(parts.dropFirst(2)))
        default: throw APIRefusal(status: 404, message: "Not Found")
        }
    }

    /// docs.github.com, "Best practices for using the REST API", "Follow redirects".
    private func redirect(_ call: APIRequest, to id: Int, _ rest: [String]) -> HTTPResponse {
        let path = (["repositories", "\(id)"] + rest).map {
            $0.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? $0
        }.joined(separator: "/")
        let query = call.query.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
        let location = "\(api)/\(path)" + (query.isEmpty ? "" : "?\(query)")
        return Self.json(
            call.method == "GET" ? 301 : 307, ["message": "Moved Permanently", "url": .string(location)],
            ["Location": location])
    }

    private func about(
        _ repository: Repository, _ request: APIRequest, _ caller: Caller, _ rest: [String]
    ) async throws -> HTTPResponse {
        let call = RepositoryCall(request: request, repository: repository, caller: caller, rest: rest)
        switch caller {
        case .app:
            guard call.route == "GET installation" else { throw APIRefusal(status: 401, message: "Bad credentials") }
            return try installationRoute(repository)
        case .token(let token):
            guard mayUse(token, repository) else { throw APIRefusal(status: 404, message: "Not Found") }
        }
        switch rest.first {
        case nil where request.method == "GET": return try read(call)
        case "git", "contents", "commits": return try await gitData(call)
        case "check-runs": return try await checkRuns(call)
        case "deployments": return try await deployments(call)
        case "statuses": return try await setCommitStatus(call)
        default: throw APIRefusal(status: 404, message: "Not Found")
        }
    }

    /// A token sees the repositories of its installation that it was narrowed to, as long as that is neither removed nor
    /// suspended.
    func mayUse(_ token: Token, _ repository: Repository) -> Bool {
        guard let id = token.installation else { return true }
        guard let installation = state.withLock({ $0.installation(of: repository) }), installation.id == id else {
            return false
        }
        return !installation.isSuspended && token.repositoryIDs?.contains(repository.id) ?? true
    }

    private func read(_ call: RepositoryCall) throws -> HTTPResponse {
        try call.need("metadata", "read")
        return Self.json(200, repositoryJSON(call.repository))
    }

    func repositoryJSON(_ repository: Repository) -> JSON {
        [
            "id": .int(repository.id), "name": .string(repository.name), "full_name": .string(repository.fullName),
            "owner": ["login": .string(repository.owner)], "private": true, "archived": .bool(repository.isArchived),
            "default_branch": .string(repository.defaultBranch), "html_url": .string("\(url)/\(repository.fullName)"),
            "clone_url": .string("\(url)/\(repository.fullName).git"),
        ]
    }

    private func gitData(_ call: RepositoryCall) async throws -> HTTPResponse {
        guard call.request.method == "GET" else { throw APIRefusal(status: 404, message: "Not Found") }
        if call.rest.first == "commits" {
            guard call.rest.count == 3, call.rest[2] == "check-runs" else {
                throw APIRefusal(status: 404, message: "Not Found")
            }
            return try await checkRuns(ofCommit: call.rest[1], call)
        }
        try call.need("contents", "read")
        if call.rest.first == "contents" { return try await contents(call) }
        switch call.rest.dropFirst().first {
        case "matching-refs": return try await references(call)
        default: throw APIRefusal(status: 404, message: "Not Found")
        }
    }

    /// `GET …/git/matching-refs/{ref}`: references that begin with it.
    private func references(_ call: RepositoryCall) async throws -> HTTPResponse {
        let prefix = "refs/" + call.rest.dropFirst(2).joined(separator: "/")
        let output = try await git(
            call.repository, ["for-each-ref", "--format=%(refname) %(objectname) %(objecttype)"])
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
        if lines.isEmpty { throw APIRefusal(status: 409, message: "Git Repository is empty.") }
        let references = lines.filter { $0[0].hasPrefix(prefix) }.map { line -> JSON in
            [
                "ref": .string(String(line[0])),
                "object": ["sha": .string(String(line[1])), "type": .string(String(line[2]))],
            ]
        }
        return page(references, call)
    }

    /// docs.github.com, "Using pagination in the REST API".
    func page(_ items: [JSON], _ call: RepositoryCall, wrap: ([JSON]) -> JSON = { .array($0) }) -> HTTPResponse {
        let size = min(max(Int(call.request.query["per_page"] ?? "") ?? 30, 1), 100)
        let number = max(Int(call.request.query["page"] ?? "") ?? 1, 1)
        let last = max((items.count + size - 1) / size, 1)
        let part = Array(items.dropFirst((number - 1) * size).prefix(size))
        func link(_ page: Int, _ relation: String) -> String {
            let path = (["repositories", "\(call.repository.id)"] + call.rest).joined(separator: "/")
            return "<\(api)/\(path)?per_page=\(size)&page=\(page)>; rel=\"\(relation)\""
        }
        var links: [String] = []
        if number > 1 { links += [link(number - 1, "prev"), link(1, "first")] }
        if number < last { links += [link(number + 1, "next"), link(last, "last")] }
        return Self.json(200, wrap(part), links.isEmpty ? [:] : ["Link": links.joined(separator: ", ")])
    }

    /// `GET …/contents/{path}?ref=`: files only.
    private func contents(_ call: RepositoryCall) async throws -> HTTPResponse {
        let path = call.rest.dropFirst().joined(separator: "/")
        let reference = call.request.query["ref"] ?? call.repository.defaultBranch
        guard let bytes = try? await git(call.repository, ["cat-file", "blob", "\(reference):\(path)"]) else {
            throw APIRefusal(status: 404, message: "Not Found")
        }
        return Self.json(200, [
            "type": "file", "path": .string(path), "size": .int(bytes.count), "encoding": "base64",
            "content": .string(Data(bytes).base64EncodedString(options: .lineLength64Characters)),
        ])
    }

    /// The commit that a name or its digits lead to.
    func commit(_ name: String, _ repository: Repository) async -> String? {
        for candidate in ["refs/heads/\(name)", "refs/tags/\(name)", name] where !name.hasPrefix("-") {
            let arguments = ["rev-parse", "--quiet", "--verify", "--end-of-options", "\(candidate)^{commit}"]
            guard let output = try? await git(repository, arguments) else { continue }
            return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return nil
    }
}
