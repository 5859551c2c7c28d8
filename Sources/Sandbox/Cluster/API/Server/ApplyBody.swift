import JSON

/// The object in a server-side apply: JSON, which Kubernetes reads as YAML.
struct ApplyBody {
    let call: APICall

    /// - Throws: 400 for what is not JSON or names something else than the URL; 500, as Kubernetes does, for
    ///   fields that the kind does not have and values of the wrong type.
    func config() throws(APIError) -> JSON {
        if let problem = yamlProblem {
            throw .badRequest("error decoding YAML: error converting YAML to JSON: yaml: \(problem)")
        }
        guard let parsed = try? JSON.parse(call.body), parsed.object != nil else {
            throw .badRequest(
                "error decoding YAML: this cluster reads apply patches in JSON only; send the object as JSON "
                    + "with Content-Type application/apply-patch+yaml")
        }
        let config = parsed.withoutNulls
        try checkVersion(config)
        if let kind = config["kind"]?.string, kind != call.kind.kind {
            throw .badRequest("invalid object type: \(call.kind.apiVersion), Kind=\(kind)")
        }
        try RequestBody(call: call).checkIdentity(config)
        if parsed.at("metadata", "managedFields") != nil {
            throw .badRequest("metadata.managedFields must be nil")
        }
        try checkTypes(config)
        return withStatusOnly(config)
    }

    private func checkVersion(_ config: JSON) throws(APIError) {
        guard let version = config["apiVersion"]?.string, version != call.kind.apiVersion else { return }
        throw .badRequest(
            "Incorrect version specified in apply patch. Specified patch version: \(version), expected: "
                + call.kind.apiVersion)
    }

    private func checkTypes(_ config: JSON) throws(APIError) {
        let type = SchemaType.structure(Schema.structure(of: call.kind))
        let subject =
            "(\(config.namespace)/\(config.name); \(call.kind.apiVersion), Kind=\(call.kind.kind))"
        let problems = TypeRules.applyProblems(config, type)
        if !problems.isEmpty {
            let list =
                problems.count == 1
                ? problems[0] : "errors:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
            throw APIError(500, "", "failed to create typed patch object \(subject): \(list)")
        }
        if let problem = TypeRules.malformedValue(in: config, type) {
            throw APIError(
                500, "",
                "failed to convert new typed object \(subject) to object: unable to convert unstructured "
                    + "object "
                    + "to \(call.kind.apiVersion), Kind=\(call.kind.kind): \(problem)")
        }
    }

    /// Each way in writes its own part, and leaves the other as it is.
    private func withStatusOnly(_ config: JSON) -> JSON {
        var config = config
        if call.scope == .status {
            for key in (config.object ?? [:]).keys
            where !["apiVersion", "kind", "metadata", "status"].contains(key) {
                config[key] = nil
            }
        } else if call.kind.hasStatus {
            config["status"] = nil
        }
        return config
    }

    /// What is right in JSON but wrong in YAML 1.1: an escaped slash, and characters as two surrogates
    /// (https://yaml.org/spec/1.1/#id872840). Nil when there is nothing of the kind.
    private var yamlProblem: String? {
        var rest = call.body[...]
        while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            rest = rest[(backslash + 1)...]
            switch rest.popFirst() {
            case UInt8(ascii: "/"): return "found unknown escape character"
            case UInt8(ascii: "u"):
                let digits = String(decoding: rest.prefix(4), as: UTF8.self)
                if let code = UInt32(digits, radix: 16), (0xD800...0xDFFF).contains(code) {
                    return "found invalid Unicode character escape code"
                }
            default: break
            }
        }
        return nil
    }
}
