import HTTP
import JSON

/// Why the API server did not do what it was asked for.
///
/// Kinds follow the HTTP status and the closed list of `reason`s of a `Status` object
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/); messages are only
/// passed on.
package enum KubernetesError: Error, Sendable, Equatable {
    /// The server does not know us; the text says which credential to renew, and where it comes from.
    case unauthorized(String)
    /// We are known and not allowed; `missingPermission` tells what is missing where the server said it.
    case forbidden(String)
    /// Nothing can be made in a namespace that is being deleted.
    case namespaceTerminating(String)
    case notFound(String)
    /// Somebody else changed the object, or it is not the one with the expected UID.
    case conflict(String)
    /// An apply without force would take over fields of other managers.
    case fieldConflicts([FieldConflict])
    /// The object or the request is wrong; repeating it does not help.
    case invalid(String)
    /// The resource version or the continue token is too old: list again.
    case expired
    case tooManyRequests(retryAfterSeconds: Int?)
    case server(code: Int, message: String, retryAfterSeconds: Int? = nil)
    case unreachable(String)
    /// The server's certificate cannot be trusted, or it does not trust ours.
    case untrusted(String)
    /// The answer is not what the API promises.
    case malformed(String)
    case cancelled
}

extension KubernetesError {
    package init(_ error: HTTPClientError) {
        switch error {
        case .cannotResolve(let host): self = .unreachable("the name \(host) cannot be resolved")
        case .cannotConnect(let reason): self = .unreachable(reason)
        case .timedOut: self = .unreachable("it did not answer in time")
        case .untrusted(let reason): self = .untrusted(reason)
        case .bodyTooLarge(let limit): self = .malformed("it is longer than \(limit) bytes")
        case .broken(let reason): self = .unreachable(reason)
        case .cancelled: self = .cancelled
        }
    }

    /// The error of an answer whose status is not 2xx; its body is a `Status` unless something stands
    /// between us and the API server.
    package init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
        let object = try? JSON.parse(body)
        let isStatus = object?["kind"]?.string == "Status"
        if status == 404, !isStatus, Self.isUnknownPath(body) {
            self = .notFound("there is no such kind of object")
            return
        }
        self.init(
            status: (isStatus ? object?["code"]?.int : nil) ?? status, object: object,
            retryAfter: RetryAfter.seconds(in: headers))
    }

    /// What the API server itself answers, as plain text, for a group or kind that is not installed: the words of Go's
    /// `http.NotFound` (https://pkg.go.dev/net/http#NotFound).
    private static func isUnknownPath(_ body: [UInt8]) -> Bool {
        let text = "404 page not found"
        return body.elementsEqual(text.utf8) || body.elementsEqual("\(text)\n".utf8)
    }

    /// - Parameter object: the `Status`, from an answer's body or from a watch's `ERROR` event.
    package init(status: Int, object: JSON?, retryAfter: Int? = nil) {
        let isStatus = object?["kind"]?.string == "Status"
        let reason = isStatus ? object?["reason"]?.string : nil
        let message = (isStatus ? object?["message"]?.string : nil) ?? "HTTP status \(status)"
        let retryAfter = retryAfter ?? object?.at("details", "retryAfterSeconds")?.int
        let causes = object?.at("details", "causes")?.array ?? []
        func hasCause(_ reason: String) -> Bool { causes.contains { $0["reason"]?.string == reason } }
        switch status {
        case 401: self = .unauthorized("renew the token or certificate that the bot uses")
        case 403:
            self = hasCause("NamespaceTerminating") ? .namespaceTerminating(message) : .forbidden(message)
        // Any other 404 is not the API server's, as of a load balancer that has lost it: nothing is known to be gone.
        case 404:
            // Without a `Status` it is not the API server's, as of a load balancer: nothing is known to be gone.
            self = isStatus
                ? .notFound(message) : .server(code: status, message: message, retryAfterSeconds: retryAfter)
        case 409:
            let conflicts = FieldConflict.all(in: object)
            self = conflicts.isEmpty ? .conflict(message) : .fieldConflicts(conflicts)
        case 410: self = .expired
        // Our version lies in the server's future: it was restored from a backup, or lags behind another one.
        case 504 where hasCause("ResourceVersionTooLarge"): self = .expired
        case 429: self = .tooManyRequests(retryAfterSeconds: retryAfter)
        case 400..<500: self = .invalid(message)
        // An apply that names an unknown field is answered with 500 and a Status without any reason
        // (measured with 1.36); the server's own troubles always have one.
        case 500 where isStatus && reason == nil: self = .invalid(message)
        default: self = .server(code: status, message: message, retryAfterSeconds: retryAfter)
        }
    }

    /// What the account would need; nil when something else than a missing permission stands in the way.
    package var missingPermission: MissingPermission? {
        guard case .forbidden(let message) = self else { return nil }
        return MissingPermission(message: message)
    }

    /// How long the server asks us to wait; nil when it did not say.
    var retryAfterSeconds: Int? {
        switch self {
        case .tooManyRequests(let seconds), .server(_, _, let seconds): seconds
        default: nil
        }
    }

    /// Whether the same request may well succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .tooManyRequests, .server, .unreachable: true
        default: false
        }
    }

    /// What happened and what to do about it, for people who operate the bot.
    package var sentence: String {
        switch self {
        case .unauthorized(let advice): "The cluster does not accept our credentials; \(advice)."
        case .forbidden(let message):
            missingPermission?.sentence ?? "The cluster does not allow this: \(message)."
        case .namespaceTerminating:
            "The namespace is being deleted; deploy again when it is gone."
        case .notFound(let message): "The cluster does not know this: \(message)."
        case .conflict(let message): "Something else changes the same object: \(message)."
        case .fieldConflicts(let conflicts): "Fields belong to other managers: \(Self.list(conflicts))."
        case .invalid(let message): "The cluster refuses this: \(message)."
        case .expired: "The cluster has forgotten that version of its objects; ask for all of them again."
        case .tooManyRequests: "The cluster takes no more requests at the moment; try again later."
        case .server(let code, let message, _):
            "The cluster has a problem of its own (\(code)): \(message). Try again later."
        case .unreachable(let reason): "The cluster cannot be reached: \(reason)."
        case .untrusted(let reason):
            "The connection to the cluster is not safe: \(reason)."
        case .malformed(let reason): "The cluster's answer cannot be read: \(reason)."
        case .cancelled: "The request was cancelled."
        }
    }

    private static func list(_ conflicts: [FieldConflict]) -> String {
        let named = conflicts.prefix(maxListedConflicts).map { "\($0.field) to \($0.manager)" }
        let rest = conflicts.count - named.count
        return named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    private static let maxListedConflicts = 10
}
