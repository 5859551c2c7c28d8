import Deploys
import Foundation

/// Where the App is installed, and tokens from there.
actor Installations {
    struct Token: Sendable {
        let authorization: GitHubAuthorization
        /// On our own clock.
        let end: Date
    }

    private struct Known {
        let id: Int
        let repositoryID: Int?
    }

    /// More than this many are not remembered.
    static let maxRepositories = 10_000

    private let api: AppAPI
    private var known: [AppID: Known] = [:]
    /// Asked for once; it does not change.
    private var installLink: String?

    init(_ api: AppAPI) { self.api = api }

    /// Whose limits an installation's requests count against.
    static func account(_ installation: Int) -> String { "installation \(installation)" }

    func note(_ installation: Int, repositoryID: Int?, of repository: AppID) {
        if known[repository] == nil, known.count >= Self.maxRepositories { known = [:] }
        known[repository] = Known(id: installation, repositoryID: repositoryID ?? known[repository]?.repositoryID)
    }

    func forget(_ installation: Int) { known = known.filter { $0.value.id != installation } }

    func token(for repository: AppID, _ purpose: GitHubPurpose) async throws(GitHubError) -> Token {
        if let place = known[repository] {
            do throws(GitHubError) {
                return try await token(place, repository, purpose)
            } catch {
                // What was known may be of yesterday: moved to another owner, installed anew, renamed.
                guard error.isAboutInstallation else { throw error }
                known[repository] = nil
            }
        }
        let found = try await look(for: repository)
        note(found.id, repositoryID: found.repositoryID, of: repository)
        guard !found.isSuspended else { throw suspended(repository) }
        do throws(GitHubError) {
            return try await token(Known(id: found.id, repositoryID: found.repositoryID), repository, purpose)
        } catch {
            guard error.isAboutInstallation else { throw error }
            known[repository] = nil
            if let missing = Self.missing(purpose.permissions, found.permissions) {
                let place = repository.organisation
                throw .forbidden(missing: missing, "the GitHub App's installation on \(place) lacks it")
            }
            throw await notInstalled(repository)
        }
    }

    private func token(
        _ place: Known, _ repository: AppID, _ purpose: GitHubPurpose
    ) async throws(GitHubError) -> Token {
        let token = try await api.token(
            of: place.id, repository: repository, repositoryID: place.repositoryID, purpose.permissions)
        return Token(
            authorization: GitHubAuthorization(secret: token.secret, account: Self.account(place.id)), end: token.end)
    }

    private func look(for repository: AppID) async throws(GitHubError) -> AppAPI.Installation {
        do throws(GitHubError) { return try await api.installation(of: repository) } catch {
            guard case .notFound = error else { throw error }
            throw await notInstalled(repository)
        }
    }

    private func notInstalled(_ repository: AppID) async -> GitHubError {
        if installLink == nil { installLink = try? await api.installLink() }
        let place = installLink.map { " at \($0)" } ?? ""
        return .notInstalled(
            "The GitHub App is not installed for \(repository.organisation)/\(repository.name), or there is no such "
                + "repository. Install it for the repository\(place).")
    }

    private func suspended(_ repository: AppID) -> GitHubError {
        .suspended(
            "The installation of the GitHub App on \(repository.organisation) is suspended. Whoever administers "
                + "\(repository.organisation) can resume it under Settings, GitHub Apps.")
    }

    /// As GitHub writes them: `checks=write`; nil when all are there.
    private static func missing(_ needed: [String: String], _ granted: [String: String]) -> String? {
        let ranks = ["read": 1, "write": 2, "admin": 3]
        let missing = needed.filter { name, level in
            ranks[granted[name] ?? "", default: 0] < ranks[level, default: 1]
        }
        guard !missing.isEmpty else { return nil }
        return missing.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: " and ")
    }
}

extension GitHubError {
    /// What `POST /app/installations/{id}/access_tokens` answers when something about the installation is not
    /// as expected.
    fileprivate var isAboutInstallation: Bool {
        switch self {
        case .notFound, .forbidden, .invalid: true
        default: false
        }
    }
}
