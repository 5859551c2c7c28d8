import Foundation
import TestSupport
import XCTest

@testable import Kubernetes

/// What happens to the Lease when an attempt never returns; time is moved by hand.
final class LeaseHangTests: XCTestCase {
    func testATokenFileThatHangsEndsWorkInTime() async throws {
        try await withTemporaryDirectory { directory in
            let token = directory.appending(path: "token").path
            try Data("good".utf8).write(to: URL(filePath: token))
            try await LeaseBench.with { bench in
                let keeper = bench.keeper("a", credential: .tokenFile(token))
                let task = bench.start(keeper, "a")
                try await bench.works(["a"])
                // Nobody writes into this pipe, so who opens it to read hangs.
                try FileManager.default.removeItem(atPath: token)
                XCTAssertEqual(mkfifo(token, 0o600), 0)
                for _ in 0..<12 {
                    try await bench.clock.sleepers(of: .seconds(5))
                    bench.clock.advance(.seconds(5))
                }
                // The minute is over in which the token need not be read again; the last renewal was 5 seconds ago.
                for wait in [3, 1, 1] {
                    try await bench.clock.sleepers(of: .seconds(wait))
                    XCTAssertEqual(bench.working.value, ["a"])
                    bench.clock.advance(.seconds(wait))
                }
                try await bench.works([])
                Self.release(token)
                try await bench.works(["a"])
                await bench.stop(task)
            }
        }
    }

    func testWhoIsCancelledWaitsForNoCredentials() async throws {
        let connection = KubernetesConnection(server: "http://127.0.0.1:1", credential: .tokenFile("/token"))
        // Foundation opens files without blocking, so a pipe would not hang for sure.
        let fileSystem = DispatchSemaphore(value: 0)
        let source = CredentialSource(connection, timing: .system) { _ in
            fileSystem.wait()
            return "late"
        }
        let ended = Watched(false)
        let task = Task {
            let result: Result<RequestIdentity, KubernetesError>
            do throws(KubernetesError) {
                result = .success(try await source.current())
            } catch {
                result = .failure(error)
            }
            ended.change { $0 = true }
            return result
        }
        task.cancel()
        try await ended.wait(for: "the cancelled one to end") { $0 }
        let result = await task.value
        XCTAssertEqual(result, .failure(.cancelled))
        fileSystem.signal()
    }

    func testAValueThatHeedsNoCancellationIsGivenUp() async throws {
        let clock = HandMovedClock()
        let deaf = Watched<[CheckedContinuation<Void, Never>]>([])
        let ended = Watched(0)
        let ask: @Sendable () async -> Void = {
            let answer: Int? = await clock.timing.within(.seconds(3)) {
                await withCheckedContinuation { hung in deaf.change { $0.append(hung) } }
                return 1
            }
            XCTAssertNil(answer)
            ended.change { $0 += 1 }
        }
        Task { await ask() }
        try await clock.sleepers(of: .seconds(3))
        clock.advance(.seconds(3))
        try await ended.wait(for: "the time to be over") { $0 == 1 }
        let cancelled = Task { await ask() }
        try await clock.sleepers(of: .seconds(3))
        cancelled.cancel()
        try await ended.wait(for: "the cancelled one to end") { $0 == 2 }
        try await deaf.wait(for: "both to hang") { $0.count == 2 }
        for hung in deaf.value { hung.resume() }
        let quick = await clock.timing.within(.seconds(3)) { 7 }
        XCTAssertEqual(quick, 7)
    }

    /// Lets go of who hangs. For reading and writing at once, because opening for writing waits for a reader.
    private static func release(_ pipe: String) {
        close(open(pipe, O_RDWR | O_NONBLOCK))
    }
}
