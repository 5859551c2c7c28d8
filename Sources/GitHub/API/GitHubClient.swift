import Deploys
import Foundation
import HTTP
import JSON

/// GitHub's REST API (docs.github.com/rest). Safe to share; everything that is asked of GitHub goes through
/// one of these.
package struct GitHubClient: Sendable {
    package let address: GitHubAddress
    package let credentials: GitHubCredentials
    private let transport: GitHubTransport
    private let cache = AnswerCache()

    package init(
        _ address: GitHubAddress, as identity: GitHubIdentity, http: HTTPClient, timing: GitHubTiming = GitHubTiming()
    ) {
        self.address = address
        transport = GitHubTransport(address, http: http, timing: timing)
        credentials = GitHubCredentials(identity, transport)
    }

    /// Sends a call about a repository, with a token that is good for nothing else.
    ///
    /// What passes quickly (an unreachable server, 5xx) is tried a few times. An answer to GET that was kept
    /// is asked about rather than fetched again, unless the call brings a `knownTag` of its own.
    package func send(
        _ call: GitHubCall, of repository: AppID, for purpose: GitHubPurpose
    ) async throws(GitHubError) -> GitHubAnswer {
        try await send(call, url: nil, of: repository, for: purpose)
    }

    /// All items of a list, page by page.
    /// - Parameter key: of the list, for an answer that is an object around it.
    /// - Throws: `.malformed` when there are more than `maxItems`.
    package func list(
        _ call: GitHubCall, of repository: AppID, for purpose: GitHubPurpose, items key: String? = nil, maxItems: Int
    ) async throws(GitHubError) -> [JSON] {
        var call = call
        if !call.query.contains(where: { $0.name == "per_page" }) {
            call.query.append(("per_page", String(Self.itemsPerPage)))
        }
        var items: [JSON] = []
        var url: String?
        repeat {
            let answer = try await send(call, url: url, of: repository, for: purpose)
            let body = try answer.json()
            guard let page = (key.map { body[$0] } ?? body)?.array else { throw .malformed("a list that is none") }
            items += page
            guard items.count <= maxItems, !(page.isEmpty && answer.nextPage != nil) else {
                throw .malformed("\(call.path.dropFirst()) has more than \(maxItems) items")
            }
            url = answer.nextPage
        } while url != nil
        return items
    }

    /// The most that GitHub gives.
    static let itemsPerPage = 100

    func send(
        _ call: GitHubCall, url: String?, of repository: AppID, for purpose: GitHubPurpose
    ) async throws(GitHubError) -> GitHubAnswer {
        let authorization = try await credentials.authorization(for: repository, purpose)
        do throws(GitHubError) {
            return try await sendOrRecall(call, url: url, authorization)
        } catch {
            // Tokens can be revoked before their end.
            guard case .badCredentials = error, await credentials.refused(authorization) else { throw error }
            let next = try await credentials.authorization(for: repository, purpose)
            return try await sendOrRecall(call, url: url, next)
        }
    }

    private func sendOrRecall(
        _ call: GitHubCall, url: String?, _ authorization: GitHubAuthorization
    ) async throws(GitHubError) -> GitHubAnswer {
        guard call.method == .get, call.knownTag == nil else {
            return try await transport.send(call, authorization, url: url)
        }
        // What one account may see, another one may not.
        let key = authorization.account + " " + (url ?? call.target)
        var asked = call
        let known = cache[key]
        asked.knownTag = known?.tag
        let answer = try await transport.send(asked, authorization, url: url)
        if answer.isNotModified, let known { return known }
        cache.keep(answer, as: key)
        return answer
    }
}
