import Deploys
import Foundation
import HTTP
import JSON
import Synchronization
import TestSupport

@testable import Kubernetes

/// Keepers that contend for one Lease, and what they work.
final class LeaseBench: Sendable {
    let clock = HandMovedClock()
    let server = LeaseServer()
    /// Who works now.
    let working = Watched<Set<String>>([])
    let lines = Mutex<[String]>([])
    private let url: String
    private let mostAtOnce = Mutex(0)

    private init() throws {
        url = try server.start()
    }

    static func with(_ body: (LeaseBench) async throws -> Void) async throws {
        let bench = try LeaseBench()
        do {
            try await body(bench)
        } catch {
            await bench.server.stop()
            throw error
        }
        await bench.server.stop()
    }

    /// The most that worked at one time.
    var crowd: Int { mostAtOnce.withLock { $0 } }

    func keeper(
        _ name: String, predecessors: [String] = [], credential: KubernetesConnection.Credential = .none
    ) -> LeaseKeeper {
        var retry = RetryPolicy()
        retry.maxAttempts = 1
        let client = KubernetesClient(
            KubernetesConnection(server: url, credential: credential), http: HTTPClient(), retry: retry, timing: clock.timing)
        let log = Log { level, line in self.lines.withLock { $0.append("\(level.rawValue) \(line)") } }
        return LeaseKeeper(
            client: client, namespace: "iterapp", identity: LeaseIdentity(name: name, predecessors: predecessors),
            wallClock: { Date(timeIntervalSince1970: 1_780_000_000.25) }, log: log)
    }

    /// Starts a keeper whose work lasts until it is cancelled.
    func start(_ keeper: LeaseKeeper, _ name: String) -> Task<Void, Never> {
        Task {
            await keeper.run {
                self.working.change { $0.insert(name) }
                self.mostAtOnce.withLock { $0 = max($0, self.working.value.count) }
                await Signal().wait()
                self.working.change { $0.remove(name) }
            }
        }
    }

    func works(_ names: Set<String>) async throws {
        try await working.wait(for: "\(names) to work") { $0 == names }
    }

    /// Ends tasks and waits for their ends.
    func stop(_ tasks: Task<Void, Never>...) async {
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
