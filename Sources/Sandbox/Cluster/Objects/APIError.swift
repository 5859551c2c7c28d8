import JSON

/// A refusal in Kubernetes' own form: what the HTTP API sends as a `Status` object
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/).
package struct APIError: Error, Sendable, Equatable {
    /// The HTTP status.
    package let code: Int
    /// `NotFound`, `Conflict`, …; empty for errors that Kubernetes gives none.
    package let reason: String
    package let message: String
    package let details: JSON?
    /// A list's, which may say how to go on.
    package let metadata: JSON

    package init(
        _ code: Int, _ reason: String, _ message: String, details: JSON? = nil, metadata: JSON = [:]
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.metadata = metadata
    }

    package var status: JSON {
        var status: JSON = [
            "kind": "Status", "apiVersion": "v1", "metadata": metadata, "status": "Failure",
            "message": .string(message), "code": .int(code),
        ]
        if !reason.isEmpty { status["reason"] = .string(reason) }
        status["details"] = details
        return status
    }

    package var isNotFound: Bool { reason == "NotFound" }
    package var isConflict: Bool { reason == "Conflict" }
    package var isAlreadyExists: Bool { reason == "AlreadyExists" }
}

extension APIError {
    static func details(
        _ kind: ResourceKind, name: String, naming: KeyPath<ResourceKind, String> & Sendable = \.plural
    ) -> JSON {
        var details: JSON = ["name": .string(name), "kind": .string(kind[keyPath: naming])]
        if !kind.group.isEmpty { details["group"] = .string(kind.group) }
        return details
    }

    static func notFound(_ kind: ResourceKind, _ name: String) -> APIError {
        APIError(
            404, "NotFound", "\(kind.qualifiedPlural) \"\(name)\" not found",
            details: details(kind, name: name))
    }

    static func alreadyExists(_ kind: ResourceKind, _ name: String) -> APIError {
        APIError(
            409, "AlreadyExists", "\(kind.qualifiedPlural) \"\(name)\" already exists",
            details: details(kind, name: name))
    }

    static func stale(_ kind: ResourceKind, _ name: String) -> APIError {
        APIError(
            409, "Conflict",
            "Operation cannot be fulfilled on \(kind.qualifiedPlural) \"\(name)\": the object has been "
                + "modified; please apply your changes to the latest version and try again",
            details: details(kind, name: name))
    }

    /// - Parameter what: `UID` or `ResourceVersion`.
    static func precondition(
        _ kind: ResourceKind, _ name: String, what: String, wanted: String, found: String
    ) -> APIError {
        APIError(
            409, "Conflict",
            "Operation cannot be fulfilled on \(kind.qualifiedKind) \"\(name)\": the \(what) in the "
                + "precondition (\(wanted)) does not match the \(what) in record (\(found)). "
                + "The object might have been "
                + (what == "UID" ? "deleted and then recreated" : "modified"),
            details: details(kind, name: name, naming: \.kind))
    }

    static func namespaceTerminating(_ kind: ResourceKind, _ name: String, namespace: String) -> APIError {
        var details = details(kind, name: name)
        details["causes"] = [[
            "reason": "NamespaceTerminating",
            "message": .string("namespace \(namespace) is being terminated"),
            "field": "metadata.namespace",
        ]]
        return APIError(
            403, "Forbidden",
            "\(kind.qualifiedPlural) \"\(name)\" is forbidden: unable to create new content in "
                + "namespace \(namespace) because it is being terminated",
            details: details)
    }

    static func tooLargeVersion(_ version: Int, current: Int) -> APIError {
        APIError(
            504, "Timeout", "Timeout: Too large resource version: \(version), current: \(current)",
            details: ["causes": [[
                "reason": "ResourceVersionTooLarge", "message": "Too large resource version",
            ]], "retryAfterSeconds": 1])
    }

    static func expired(_ message: String) -> APIError { APIError(410, "Expired", message) }
    static func badRequest(_ message: String) -> APIError { APIError(400, "BadRequest", message) }

    /// The store's own failure: a full disk, say.
    static func storage(_ sentence: String) -> APIError {
        APIError(500, "InternalError", "Internal error occurred: \(sentence)", details: [
            "causes": [["message": .string(sentence)]],
        ])
    }
}
