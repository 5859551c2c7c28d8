import Foundation
import Synchronization

/// One demo for all tests of a class, which must not disturb one another. Started by the first test that asks.
package final class SharedDemo: Sendable {
    private let environment: [String: String?]
    private let demo = Mutex<DemoProcess?>(nil)

    package init(environment: [String: String?] = [:]) { self.environment = environment }

    /// Tests of a class run one after the other, so nobody else asks meanwhile.
    package func get() async throws -> DemoProcess {
        if let demo = demo.withLock({ $0 }) { return demo }
        let directory = FileManager.default.temporaryDirectory.appending(path: "iterapp-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let fresh = try DemoProcess(in: directory, environment: environment)
        demo.withLock { $0 = fresh }
        try await fresh.start()
        return fresh
    }

    /// Ends it and removes what it left. For `tearDown` of the class, which can't wait in any other way than this.
    package func end() {
        guard let demo = demo.withLock({ $0 }) else { return }
        let isOver = DispatchSemaphore(value: 0)
        Task.detached {
            await demo.stop()
            await demo.removeImages()
            try? FileManager.default.removeItem(at: demo.directory)
            isOver.signal()
        }
        isOver.wait()
    }
}
