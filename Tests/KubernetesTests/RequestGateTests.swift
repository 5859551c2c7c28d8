import Synchronization
import XCTest

@testable import Kubernetes

final class RequestGateTests: XCTestCase {
    private final class Counts: Sendable {
        let values = Mutex((now: 0, most: 0, all: 0))
    }

    func testNoMoreThanTheLimitPassAtOnceAndAllDo() async throws {
        let gate = RequestGate()
        let counts = Counts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<500 {
                group.addTask {
                    try await gate.pass { () async throws(KubernetesError) in
                        counts.values.withLock { counts in
                            counts.now += 1
                            counts.most = max(counts.most, counts.now)
                        }
                        await Task.yield()
                        counts.values.withLock { counts in
                            counts.now -= 1
                            counts.all += 1
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        XCTAssertEqual(counts.values.withLock { $0.all }, 500)
        XCTAssertLessThanOrEqual(counts.values.withLock { $0.most }, RequestGate.maxRequests)
    }

    /// Who gives up while waiting takes nobody's turn.
    func testCancellation() async throws {
        let gate = RequestGate()
        let (opened, open) = AsyncStream.makeStream(of: Void.self)
        let (entries, entered) = AsyncStream.makeStream(of: Void.self)
        let holders = (0..<RequestGate.maxRequests).map { _ in
            Task {
                try await gate.pass { () async throws(KubernetesError) in
                    entered.yield()
                    for await _ in opened {}
                }
            }
        }
        // Nobody has to wait before all turns are taken.
        var turns = entries.makeAsyncIterator()
        for _ in holders { await turns.next() }
        let patient = Task { try await gate.pass { () async throws(KubernetesError) in 7 } }
        let impatient = (0..<50).map { _ in
            Task { try await gate.pass { () async throws(KubernetesError) in XCTFail("it was cancelled") } }
        }
        for task in impatient { task.cancel() }
        for task in impatient {
            do {
                try await task.value
                XCTFail("no error")
            } catch { XCTAssertEqual(error as? KubernetesError, .cancelled) }
        }
        open.finish()
        for holder in holders { try await holder.value }
        let answer = try await patient.value
        XCTAssertEqual(answer, 7)
    }
}
