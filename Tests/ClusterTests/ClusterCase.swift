import AppFile
import Deploys
import Foundation
import Synchronization
import XCTest

/// The tests of a class share one cluster; each has namespaces of its own.
class ClusterCase: XCTestCase {
    private static let current = Mutex<ClusterUnderTest?>(nil)

    /// The class's cluster.
    func cluster() throws -> ClusterUnderTest {
        try Self.current.withLock { current in
            if let current { return current }
            let made = try ClusterUnderTest()
            current = made
            return made
        }
    }

    override class func tearDown() {
        let cluster = current.withLock { current in
            defer { current = nil }
            return current
        }
        guard let cluster else { return }
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            await cluster.stop()
            done.signal()
        }
        done.wait()
    }

    // MARK: Releases

    /// A release of one appling, `web`, whose container does what the script says.
    func release(
        _ operation: Int64, in namespace: String, script: String = ClusterImage.serve,
        image: String = ClusterImage.name, hosts: [String] = [],
        variables: [ReleasedAppling.Variable] = [], _ adjust: (inout Appling) -> Void = { _ in }
    ) throws -> Release {
        var settings = Appling()
        settings.port = 8080
        settings.readiness = Probe(path: "/index.html", periodSeconds: 1)
        settings.requests.cpu = "10m"
        settings.requests.memory = "16Mi"
        adjust(&settings)
        let web = ReleasedAppling(
            settings: settings, name: "web", image: ImageReference(image), replicas: 1, hosts: hosts,
            variables: [.init(name: "SCRIPT", value: .plain(script))] + variables)
        return Release(
            operation: OperationID(operation), app: AppID(organisation: "iterate", name: "web"), appSlug: "web",
            environment: .test, namespace: namespace,
            commit: try XCTUnwrap(CommitID(String(repeating: "a", count: 40))), buildNumber: Int(operation),
            applings: [web])
    }
}
