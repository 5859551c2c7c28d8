import JSON

/// One thing that is wrong with an object, as 422 answers list it
/// (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/).
struct FieldError: Equatable, Sendable {
    let reason: String
    let message: String
    let field: String

    static func required(_ field: String, _ detail: String = "") -> FieldError {
        make("FieldValueRequired", "Required value", field, detail)
    }

    static func invalid(_ field: String, _ value: JSON, _ detail: String) -> FieldError {
        make("FieldValueInvalid", "Invalid value: \(value.text)", field, detail)
    }

    static func unsupported(_ field: String, _ value: JSON, supported: [String]) -> FieldError {
        make(
            "FieldValueNotSupported", "Unsupported value: \(value.text)", field,
            "supported values: " + supported.map { "\"\($0)\"" }.joined(separator: ", "))
    }

    static func duplicate(_ field: String, _ value: JSON) -> FieldError {
        make("FieldValueDuplicate", "Duplicate value: \(value.text)", field, "")
    }

    static func notFound(_ field: String, _ value: JSON) -> FieldError {
        make("FieldValueNotFound", "Not found: \(value.text)", field, "")
    }

    static func forbidden(_ field: String, _ detail: String) -> FieldError {
        make("FieldValueForbidden", "Forbidden", field, detail)
    }

    static func tooLong(_ field: String, limit: Int) -> FieldError {
        make("FieldValueTooLong", "Too long", field, "may not be more than \(limit) bytes")
    }

    static func tooMany(_ field: String, _ count: Int, limit: Int) -> FieldError {
        make("FieldValueTooMany", "Too many: \(count)", field, "must have at most \(limit) items")
    }

    private static func make(_ reason: String, _ body: String, _ field: String, _ detail: String)
        -> FieldError
    {
        FieldError(reason: reason, message: detail.isEmpty ? body : "\(body): \(detail)", field: field)
    }
}

extension APIError {
    /// 422 with one cause per error.
    static func invalid(_ kind: ResourceKind, _ name: String, _ errors: [FieldError]) -> APIError {
        invalid(
            qualifiedKind: kind.qualifiedKind, errors,
            details: details(kind, name: name, naming: \.kind), name: name)
    }

    static func invalid(
        qualifiedKind: String, _ errors: [FieldError], details: JSON, name: String
    ) -> APIError {
        var details = details
        details["causes"] = .array(
            errors.map {
                ["reason": .string($0.reason), "message": .string($0.message), "field": .string($0.field)]
            })
        let sentences = errors.map { "\($0.field): \($0.message)" }
        let list = sentences.count == 1 ? sentences[0] : "[\(sentences.joined(separator: ", "))]"
        return APIError(422, "Invalid", "\(qualifiedKind) \"\(name)\" is invalid: \(list)", details: details)
    }
}
