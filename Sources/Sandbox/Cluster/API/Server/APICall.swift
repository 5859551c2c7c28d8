import HTTP
import JSON

/// One request about objects, read but not yet acted on.
struct APICall: Sendable {
    let path: ResourcePath
    let method: String
    let query: APIQuery
    let headers: HTTPHeaders
    let body: [UInt8]
    let caller: Caller

    var kind: ResourceKind { path.kind }

    /// Who writes: `fieldManager`, or else the client's name from its User-Agent, as Kubernetes does it.
    var manager: String {
        if let manager = query["fieldManager"] { return manager }
        let agent = headers["User-Agent"] ?? ""
        return String((agent.split(separator: "/").first ?? "unknown").prefix(128))
    }

    /// The media type without its parameters.
    var contentType: String {
        let field = headers["Content-Type"] ?? "application/json"
        return (field.split(separator: ";").first ?? "").lowercased().filter { $0 != " " }
    }

    /// `kubectl get` asks for rows and columns
    /// (https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables).
    var wantsTable: Bool {
        (headers["Accept"] ?? "").contains("as=Table") && (headers["Accept"] ?? "").contains("g=meta.k8s.io")
    }

    /// (https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches)
    var wantsMetadataOnly: Bool { (headers["Accept"] ?? "").contains("as=PartialObjectMetadata") }

    var scope: WriteScope {
        switch path.subresource {
        case "status": .status
        case "scale": .scale
        default: .object
        }
    }

    /// - Throws: 400 for malformed selectors.
    func filter() throws(APIError) -> ObjectFilter {
        var filter = ObjectFilter(namespace: path.namespace)
        if let text = query["labelSelector"] { filter.labels = try SelectorParser.labels(text) }
        if let text = query["fieldSelector"] { filter.fields = try SelectorParser.fields(text, kind) }
        if let name = path.name {
            filter.fields.requirements.append(
                FieldSelector.Requirement(path: ["metadata", "name"], value: name, isEqual: true))
        }
        return filter
    }

    /// - Parameter options: the kind that Kubernetes names in its refusals: `PatchOptions`.
    /// - Throws: 422 for options that do not exist.
    func isDryRun(_ options: String) throws(APIError) -> Bool {
        guard let value = query["dryRun"] else { return false }
        if value == "All" { return true }
        throw Self.invalidOptions(options, [.unsupported("dryRun", .string(value), supported: ["All"])])
    }

    /// How a client's write is treated.
    func rules(isApply: Bool = false, isDryRun: Bool) -> WriteRules {
        WriteRules(isChecked: true, isApply: isApply, isDryRun: isDryRun, caller: caller)
    }

    /// The checks of `fieldManager` that all writes share.
    func checkManager(_ options: String) throws(APIError) {
        guard let manager = query["fieldManager"] else { return }
        if manager.utf8.count > 128 {
            throw Self.invalidOptions(options, [.tooLong("fieldManager", limit: 128)])
        }
        if manager.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            throw Self.invalidOptions(
                options,
                [.invalid("fieldManager", .string(manager), "should only contain printable characters")])
        }
    }

    static func invalidOptions(_ options: String, _ errors: [FieldError]) -> APIError {
        .invalid(
            qualifiedKind: "\(options).meta.k8s.io", errors,
            details: ["group": "meta.k8s.io", "kind": .string(options)], name: "")
    }
}

extension HTTPResponse {
    static func json(_ status: Int, _ value: JSON, headers: HTTPHeaders = [:]) -> HTTPResponse {
        var fields = headers
        fields.add("Content-Type", "application/json")
        fields.add("Cache-Control", "no-cache, private")
        return HTTPResponse(status: status, headers: fields, body: .bytes(value.bytes + [0x0A]))
    }

    static func error(_ error: APIError) -> HTTPResponse {
        var headers: HTTPHeaders = [:]
        if let seconds = error.details?["retryAfterSeconds"]?.int {
            headers.add("Retry-After", String(seconds))
        }
        // As on every refusal for want of rights: the sentence holds names that a client chose.
        if error.code == 403 { headers.add("X-Content-Type-Options", "nosniff") }
        return json(error.code, error.status, headers: headers)
    }
}
