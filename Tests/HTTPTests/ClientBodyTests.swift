import Foundation
import XCTest

@testable import HTTP

final class ClientBodyTests: XCTestCase {
    private static let meetings = 20_000

    /// Whoever cancels a task holds a lock of it while the body's cancellation handler runs. Were the reader resumed
    /// under the body's own lock, which takes the task's, both would wait for each other for ever.
    func testBytesTheEndAndACancellationMayMeetAtAnyMoment() async {
        let watchdog = DispatchWorkItem { fatalError("a reader waits for ever") }
        DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: watchdog)
        for number in 0..<Self.meetings { await Self.meet(number) }
        watchdog.cancel()
    }

    private static func meet(_ number: Int) async {
        let body = HTTPClientBody()
        let reader = Task { _ = try? await body.next {} }
        if number.isMultiple(of: 2) { await Task.yield() }
        let end = Task.detached {
            guard number.isMultiple(of: 3) else { return body.finish(nil) }
            [UInt8](repeating: 1, count: 8).withUnsafeBufferPointer { _ = body.offer($0) }
        }
        reader.cancel()
        await end.value
        await reader.value
    }
}
