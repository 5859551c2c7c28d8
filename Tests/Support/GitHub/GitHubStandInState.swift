import Foundation
import HTTP
import JSON

extension GitHubStandIn {
    package struct Repository: Sendable {
        package let id: Int
        package var owner: String
        package var name: String
        /// A bare repository.
        package let directory: URL
        package var defaultBranch = "main"
        package var isArchived = false

        package var fullName: String { "\(owner)/\(name)" }
    }

    package struct Installation: Sendable {
        package let id: Int
        package let owner: String
        /// Nil for all of the owner's.
        package var repositoryIDs: Set<Int>?
        package var permissions: [String: String]
        package var isSuspended = false
    }

    struct Token: Sendable {
        /// Nil for a person's.
        let installation: Int?
        /// Nil for all of the installation's.
        let repositoryIDs: Set<Int>?
        /// Nil for all there are.
        let permissions: [String: String]?
        let end: Date
    }

    /// What a request was, and what came of it.
    package struct Exchange: Sendable {
        package let method: String
        /// Behind `/api/v3`, without the query; or Git's.
        package let path: String
        package let query: String
        package let body: [UInt8]
        package let headers: HTTPHeaders
        package var status: Int

        package var json: JSON? { try? JSON.parse(body) }
    }

    struct State {
        var repositories: [Int: Repository] = [:]
        /// By names of old.
        var renamed: [String: Int] = [:]
        var installations: [Int: Installation] = [:]
        var tokens: [String: Token] = [:]
        var checkRuns: [Int: JSON] = [:]
        var checkRunRepositories: [Int: Int] = [:]
        var deployments: [Int: JSON] = [:]
        var deploymentRepositories: [Int: Int] = [:]
        var deploymentStatuses: [Int: [JSON]] = [:]
        /// By repository.
        var commitStatuses: [Int: [JSON]] = [:]
        var lastID = 1_000
        var exchanges: [Exchange] = []
        var faults: [PlannedFault] = []
        var requestsLeft = GitHubStandIn.requestsPerHour
        /// How far the stand-in's clock is ahead of this machine's.
        var clockAhead: TimeInterval = 0
        var tokenSeconds: TimeInterval = 3_600
        var held: [AsyncStream<Void>.Continuation] = []
        var stalled: [AsyncThrowingStream<[UInt8], any Error>.Continuation] = []
        var isStopping = false
        var observer: (@Sendable (HTTPRequest) -> Void)?
        var server: HTTPServer?
        var port = 0

        mutating func nextID() -> Int {
            lastID += 1
            return lastID
        }

        func repository(_ fullName: String) -> Repository? {
            repositories.values.first { $0.fullName.lowercased() == fullName.lowercased() }
        }

        /// The installation that a repository is part of.
        func installation(of repository: Repository) -> Installation? {
            installations.values.first {
                $0.owner.lowercased() == repository.owner.lowercased()
                    && $0.repositoryIDs?.contains(repository.id) ?? true
            }
        }
    }

    static let requestsPerHour = 5_000
}
