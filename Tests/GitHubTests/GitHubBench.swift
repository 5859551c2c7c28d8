import Deploys
import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport
import XCTest

@testable import GitHub

/// A client and the GitHub that it speaks to.
struct GitHubBench: Sendable {
    let gitHub: GitHubStandIn
    let client: GitHubClient
    let repository: GitHubStandIn.Repository
    let installation: GitHubStandIn.Installation
    /// How long it was waited.
    let waits: Watched<[Duration]>
    /// How far the client's clock is ahead.
    let ahead: Watched<TimeInterval>

    let cats = AppID(organisation: "iterate", name: "cats")

    /// - Parameter asPerson: with a personal token instead of the App.
    static func with(
        asPerson: Bool = false, timeout: Duration = .seconds(20), _ body: (GitHubBench) async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let gitHub = try await GitHubStandIn(in: directory)
            let repository = try await gitHub.addRepository("iterate", "cats")
            let installation = gitHub.install(on: "iterate")
            let (waits, ahead) = (Watched<[Duration]>([]), Watched<TimeInterval>(0))
            let timing = GitHubTiming(
                now: { Date.now.addingTimeInterval(ahead.value) },
                sleep: { wait in waits.change { $0.append(wait) } }, random: { 0.5 }, requestTimeout: timeout)
            let identity: GitHubIdentity =
                asPerson
                ? .token(GitHubSecret(gitHub.addPersonalToken()))
                : .app(try GitHubApp(id: GitHubStandIn.appID, privateKeyPEM: gitHub.keys.privatePEM))
            let client = GitHubClient(
                GitHubAddress(web: gitHub.url), as: identity, http: HTTPClient(), timing: timing)
            let bench = GitHubBench(
                gitHub: gitHub, client: client, repository: repository, installation: installation, waits: waits,
                ahead: ahead)
            do { try await body(bench) } catch {
                await gitHub.stop()
                throw error
            }
            await gitHub.stop()
        }
    }

    /// What goes wrong with looking the repository up; nil when nothing does.
    func problem(_ app: AppID? = nil) async -> GitHubError? {
        do throws(GitHubError) {
            _ = try await client.repository(app ?? cats)
            return nil
        } catch { return error }
    }

    /// For everybody.
    func pass(seconds: TimeInterval) {
        ahead.change { $0 += seconds }
        gitHub.setClock(aheadBySeconds: ahead.value)
    }

    var tokenRequests: [GitHubStandIn.Exchange] { gitHub.exchanges("POST", "/access_tokens") }
}
