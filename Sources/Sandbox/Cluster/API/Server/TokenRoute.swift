import Foundation
import HTTP
import JSON

/// `POST …/serviceaccounts/{name}/token`: a token for a ServiceAccount
/// (https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/).
struct TokenRoute: Sendable {
    let store: ObjectStore
    let tokens: AccessTokens

    private static let standardSeconds = 3_600
    private static let minSeconds = 600

    func answer(_ call: APICall, name: String) async throws(APIError) -> HTTPResponse {
        let namespace = call.path.namespace ?? ""
        let account = try await store.get(.serviceAccount, namespace: namespace, name: name)
        let body = try RequestBody(call: call).parsed()
        let seconds = body.at("spec", "expirationSeconds")?.int ?? Self.standardSeconds
        guard seconds >= Self.minSeconds else {
            throw .invalid(
                qualifiedKind: "TokenRequest.authentication.k8s.io",
                [.invalid(
                    "spec.expirationSeconds", .int(seconds), "may not specify a duration less than 10 minutes")],
                details: ["group": "authentication.k8s.io", "kind": "TokenRequest"], name: "")
        }
        let now = store.now()
        let expiry = now.addingTimeInterval(TimeInterval(seconds))
        let token = store.makeUID() + "." + store.makeUID()
        let entry = AccessTokens.Entry(
            user: .serviceAccount(name, namespace: namespace), expiry: expiry,
            account: (ObjectKey(.serviceAccount, namespace: namespace, name: name), account.uid))
        guard tokens.add(token, entry) else {
            throw APIError(429, "TooManyRequests", "this cluster keeps \(AccessTokens.maxTokens) tokens at most")
        }
        return .json(201, [
            "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1",
            "metadata": [
                "name": .string(name), "namespace": .string(namespace),
                "creationTimestamp": .string(ObjectStore.timestamp(now)),
            ],
            "spec": [
                "audiences": body.at("spec", "audiences") ?? ["https://kubernetes.default.svc"],
                "expirationSeconds": .int(seconds),
            ],
            "status": [
                "token": .string(token), "expirationTimestamp": .string(ObjectStore.timestamp(expiry)),
            ],
        ])
    }
}
