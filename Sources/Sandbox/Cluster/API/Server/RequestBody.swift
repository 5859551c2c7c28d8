import JSON

/// Reads the object in a request's body and checks that it is the one that the URL is about.
struct RequestBody {
    let call: APICall

    /// The whole object of a `POST` or `PUT`, without fields that its kind does not have.
    /// - Throws: 415 for other media types, 400 for malformed bodies, wrong types and, with
    ///   `fieldValidation=Strict`, unknown fields.
    func object() throws(APIError) -> JSON {
        let object: JSON
        switch call.contentType {
        case "application/json": object = try parsed()
        case ProtobufBody.mediaType:
            guard let read = ProtobufBody.object(call.body) else {
                throw Self.unsupportedMedia(["application/json"])
            }
            object = read
        default: throw Self.unsupportedMedia(["application/json"])
        }
        try checkIdentity(object)
        return try decoded(object)
    }

    func parsed() throws(APIError) -> JSON {
        do {
            let value = try JSON.parse(call.body)
            guard value.object != nil else { throw APIError.badRequest("the body is not a JSON object") }
            return value.withoutNulls
        } catch let error as APIError {
            throw error
        } catch {
            throw .badRequest("the object provided is unrecognized: error parsing JSON: \(error)")
        }
    }

    /// Kind, version, namespace and name in the body, where given, are those of the URL.
    func checkIdentity(_ object: JSON, namesKind: Bool = true) throws(APIError) {
        let kind = call.kind
        if namesKind {
            for (field, wanted) in [("apiVersion", kind.apiVersion), ("kind", kind.kind)] {
                guard let found = object[field]?.string, !found.isEmpty else {
                    throw .badRequest("Object '\(field == "kind" ? "Kind" : field)' is missing in the body")
                }
                guard found == wanted else {
                    throw .badRequest(
                        field == "kind"
                            ? "the kind in the data (\(found)) does not match the expected kind (\(wanted))"
                            : "the API version in the data (\(found)) does not match the expected API "
                                + "version "
                                + "(\(wanted))")
                }
            }
        }
        if let namespace = object.at("metadata", "namespace")?.string, !namespace.isEmpty,
            namespace != call.path.namespace ?? ""
        {
            throw .badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
        if let name = object.at("metadata", "name")?.string, let wanted = call.path.name, name != wanted,
            !name.isEmpty
        {
            throw .badRequest(
                "the name of the object (\(name)) does not match the name on the URL (\(wanted))")
        }
    }

    func decoded(_ object: JSON) throws(APIError) -> JSON {
        let decoding = TypeRules.decode(object, call.kind)
        if let problem = decoding.problem { throw refused(problem) }
        if !decoding.unknown.isEmpty, call.query["fieldValidation"] == "Strict" {
            let list = decoding.unknown.map { "unknown field \"\($0)\"" }.joined(separator: ", ")
            throw refused("strict decoding error: \(list)")
        }
        return decoding.object
    }

    private func refused(_ problem: String) -> APIError {
        let kind = call.kind
        return .badRequest(
            "\(kind.kind) in version \"\(kind.version)\" cannot be handled as a \(kind.kind): \(problem)")
    }

    static func unsupportedMedia(_ accepted: [String]) -> APIError {
        APIError(
            415, "UnsupportedMediaType",
            "the body of the request was in an unknown format - accepted media types include: "
                + accepted.joined(separator: ", "))
    }
}
