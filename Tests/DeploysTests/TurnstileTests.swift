import Synchronization
import XCTest

@testable import Deploys

private final class Counter: Sendable {
    private let value = Mutex(0)

    /// The value afterwards.
    func add(_ number: Int) -> Int {
        value.withLock { value in
            value += number
            return value
        }
    }
}

final class TurnstileTests: XCTestCase {
    func testOneAtATimePerKey() async throws {
        let turnstile = Turnstile()
        let inside = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await turnstile.enter("a")
                    XCTAssertEqual(inside.add(1), 1)
                    await Task.yield()
                    XCTAssertEqual(inside.add(-1), 0)
                    await turnstile.leave("a")
                }
            }
            try await group.waitForAll()
        }
    }

    func testKeysAreIndependentAndWaitersCanGiveUp() async throws {
        let turnstile = Turnstile()
        try await turnstile.enter("a")
        try await turnstile.enter("b")
        let waiter = Task { try await turnstile.enter("a") }
        let next = Task { try await turnstile.enter("a") }
        await Task.yield()
        waiter.cancel()
        let result = await waiter.result
        XCTAssertThrowsError(try result.get())
        await turnstile.leave("a")
        // The place of the one who gave up is passed on.
        try await next.value
        await turnstile.leave("a")
        try await turnstile.enter("a")
    }
}
