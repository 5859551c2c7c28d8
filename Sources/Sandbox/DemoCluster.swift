import Deploys
import Foundation
import HTTP
struct DemoCluster: Sendable {
    let kubeconfig: URL
    init(directory: URL, engineSocket: String, http: HTTPClient, log: Log) async throws { fatalError() }
    func answer(_ request: HTTPRequest) async -> HTTPResponse? { nil }
    func stop() async {}
}
