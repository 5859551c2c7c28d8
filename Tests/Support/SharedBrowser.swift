import Foundation
import Synchronization

/// One browser for all tests of a class, each of which opens a page of its own. Started by the first test that asks.
package final class SharedBrowser: Sendable {
    private let browser = Mutex<Browser?>(nil)

    package init() {}

    /// Tests of a class run one after the other, so nobody else asks meanwhile.
    package func get() async throws -> Browser {
        if let browser = browser.withLock({ $0 }) { return browser }
        let fresh = try await Browser.start()
        browser.withLock { $0 = fresh }
        return fresh
    }

    /// For `tearDown` of the class, which can't wait in any other way than this.
    package func end() {
        guard let browser = browser.withLock({ $0 }) else { return }
        let isOver = DispatchSemaphore(value: 0)
        Task.detached {
            await browser.end()
            isOver.signal()
        }
        isOver.wait()
    }
}
