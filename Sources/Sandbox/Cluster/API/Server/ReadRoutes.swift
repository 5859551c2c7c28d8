import Foundation
import HTTP
import JSON

/// `GET` of one object and of many.
struct ReadRoutes: Sendable {
    let store: ObjectStore

    func get(_ call: APICall) async throws(APIError) -> HTTPResponse {
        let object = try await store.get(
            call.kind, namespace: call.path.namespace ?? "", name: call.path.name ?? "")
        if call.wantsTable { return .json(200, ObjectTable(call.kind, store.now()).table([object])) }
        return .json(200, call.wantsMetadataOnly ? object.metadataOnly : object)
    }

    func list(_ call: APICall) async throws(APIError) -> HTTPResponse {
        let filter = try call.filter()
        let limit = try call.query.number("limit") ?? 0
        let token = try call.query["continue"].map { (text) throws(APIError) in try ContinueToken(text) }
        try await checkVersion(call.query["resourceVersion"])
        let (items, version) = try await items(call.kind, filter, token)
        let rest = items.drop { item in token.map { ContinueToken.position(of: item) <= $0.start } ?? false }
        let page = limit > 0 ? rest.prefix(limit) : rest
        var metadata: JSON = ["resourceVersion": .string(String(version))]
        if page.count < rest.count, let last = page.last {
            let next = ContinueToken(version: version, start: ContinueToken.position(of: last))
            metadata["continue"] = .string(next.text)
            // Kubernetes cannot tell how many are left behind a selector, so it does not say.
            if filter.labels == .everything, filter.fields == .everything {
                metadata["remainingItemCount"] = .int(rest.count - page.count)
            }
        }
        if call.wantsTable {
            return .json(200, ObjectTable(call.kind, store.now()).table(Array(page), metadata: metadata))
        }
        if call.wantsMetadataOnly {
            return .json(200, [
                "kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
                "items": .array(page.map(\.metadataOnly)),
            ])
        }
        return .json(200, [
            "kind": .string("\(call.kind.kind)List"), "apiVersion": .string(call.kind.apiVersion),
            "metadata": metadata, "items": .array(page.map { listed($0, call.kind) }),
        ])
    }

    /// A list may be asked to be no older than a version; one that was not given out yet is refused.
    private func checkVersion(_ text: String?) async throws(APIError) {
        guard let text else { return }
        guard let version = Int(text), version >= 0 else {
            throw .badRequest(
                "invalid resource version: resourceVersion: Invalid value: \"\(text)\": strconv.ParseUint: parsing "
                    + "\"\(text)\": invalid syntax")
        }
        let current = await store.resourceVersion
        if version > current { throw .tooLargeVersion(version, current: current) }
    }

    /// Items of built-in kinds do not repeat what the list says.
    private func listed(_ object: JSON, _ kind: ResourceKind) -> JSON {
        guard !kind.isCustom else { return object }
        var object = object
        object["kind"] = nil
        object["apiVersion"] = nil
        return object
    }

    private func items(
        _ kind: ResourceKind, _ filter: ObjectFilter, _ token: ContinueToken?
    ) async throws(APIError) -> (items: [JSON], version: Int) {
        guard let token, token.version > 0 else {
            let list = await store.list(kind, filter)
            return (list.items, list.resourceVersion)
        }
        if let items = await store.list(kind, filter, asOf: token.version) { return (items, token.version) }
        throw token.expired
    }
}

/// Where a list in several parts goes on
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).
struct ContinueToken: Sendable {
    /// The resource version of the whole list; -1 for whatever is there now.
    let version: Int
    /// The last item of the part before: `namespace/name`.
    let start: String

    init(version: Int, start: String) {
        self.version = version
        self.start = start
    }

    init(_ text: String) throws(APIError) {
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded), let token = try? JSON.parse(data),
            let version = token["rv"]?.int, let start = token["start"]?.string, start.hasSuffix("\0")
        else {
            throw .badRequest("invalid continue token: continue key is not valid: illegal base64 data or unknown form")
        }
        self.version = version
        self.start = String(start.dropLast())
    }

    var text: String {
        let token: JSON = ["v": "meta.k8s.io/v1", "rv": .int(version), "start": .string(start + "\0")]
        return Data(token.bytes).base64EncodedString()
    }

    /// Comparable as the list is ordered.
    static func position(of object: JSON) -> String {
        object.namespace.isEmpty ? object.name : "\(object.namespace)/\(object.name)"
    }

    /// 410 with a token that goes on in what is there now.
    var expired: APIError {
        APIError(
            410, "Expired",
            "The provided continue parameter is too old to display a consistent list result. You can start a "
                + "new list without the continue parameter, or use the continue token in this response to "
                + "retrieve the remainder of the results. Continuing with the provided token results in an "
                + "inconsistent list - objects that were created, modified, or deleted between the time the "
                + "first chunk was returned and now may show up in the list.",
            metadata: ["continue": .string(ContinueToken(version: -1, start: start).text)])
    }
}

extension JSON {
    var metadataOnly: JSON {
        ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": self["metadata"] ?? [:]]
    }
}
