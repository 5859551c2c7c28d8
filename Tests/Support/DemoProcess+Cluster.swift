import Foundation
import HTTP
import JSON

/// What people do in the cluster behind the bot's back.
extension DemoProcess {
    /// One request to the embedded cluster, with the rights of its owner.
    /// - Parameter manager: the program that the server takes for the sender.
    @discardableResult
    package func cluster(
        _ method: String, _ path: String, manager: String = "kubectl-edit", _ body: JSON? = nil
    ) async throws -> JSON {
        let config = try JSON.parse(Data(contentsOf: directory.appending(path: "kubeconfig")))
        let address = config["clusters"]?.array?.first?.at("cluster", "server")?.string ?? ""
        let token = config["users"]?.array?.first?.at("user", "token")?.string ?? ""
        let server = "http://" + (address.split(separator: "@").last ?? "")
        var headers: HTTPHeaders = ["Authorization": "Bearer \(token)", "Accept": "application/json"]
        if body != nil { headers["Content-Type"] = method == "PATCH" ? "application/merge-patch+json" : "application/json" }
        let query = method == "PATCH" ? "?fieldManager=\(manager)" : ""
        let answer = try await client.send(
            HTTPClientRequest(
                method, server + path + query, headers: headers, body: body?.bytes ?? [], timeout: .seconds(10)))
        guard (200..<300).contains(answer.status) else {
            throw TestFailure("\(method) \(path): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
        }
        return try JSON.parse(answer.body)
    }
}
