/// Reads selectors from query strings
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#list-and-watch-filtering).
enum SelectorParser {
    /// `a=b,c!=d,e in (f,g),h notin (i),j,!k`
    /// - Throws: 400 for anything else.
    static func labels(_ text: String) throws(APIError) -> LabelSelector {
        var requirements: [LabelSelector.Requirement] = []
        for part in split(text) { requirements.append(try requirement(part)) }
        return LabelSelector(requirements: requirements)
    }

    /// At the commas that stand outside parentheses.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    private static func requirement(_ text: String) throws(APIError) -> LabelSelector.Requirement {
        if text.hasPrefix("!") { return .absent(key: try key(text.dropFirst())) }
        for (sign, isEqual) in [("!=", false), ("==", true), ("=", true)] {
            guard let range = text.firstRange(of: sign) else { continue }
            let (key, value) = (try key(text[..<range.lowerBound]), trimmed(text[range.upperBound...]))
            if let problem = StringFormat.labelValue.problems(value).first { throw refused(text, problem) }
            return isEqual ? .among(key: key, values: [value]) : .notAmong(key: key, values: [value])
        }
        if text.hasSuffix(")"), let open = text.firstIndex(of: "(") {
            let head = text[..<open].split(separator: " ")
            let values = text[text.index(after: open)...].dropLast().split(separator: ",").map(trimmed)
            if head.count == 2, head[1] == "in" { return .among(key: try key(head[0]), values: values) }
            if head.count == 2, head[1] == "notin" { return .notAmong(key: try key(head[0]), values: values) }
            throw refused(text, "found '\(head.last ?? "")', expected: in, notin, =, ==, !=, gt, lt")
        }
        return .exists(key: try key(text))
    }

    private static func key(_ text: some StringProtocol) throws(APIError) -> String {
        let key = trimmed(text)
        if let problem = StringFormat.qualified(key).first { throw refused(key, problem) }
        return key
    }

    private static func refused(_ text: String, _ reason: String) -> APIError {
        .badRequest("unable to parse requirement: \(text): \(reason)")
    }

    /// `metadata.name=cats,status.phase!=Running`
    /// - Throws: 400 for paths that the kind cannot be selected by.
    static func fields(_ text: String, _ kind: ResourceKind) throws(APIError) -> FieldSelector {
        var requirements: [FieldSelector.Requirement] = []
        for part in text.split(separator: ",") {
            let isEqual = !part.contains("!=")
            let pair = part.replacing(isEqual ? "==" : "!=", with: "=").split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else {
                throw .badRequest("invalid selector: '\(part)'; can't understand '\(part)'")
            }
            let path = trimmed(pair[0])
            guard (["metadata.name", "metadata.namespace"] + (selectable[kind] ?? [])).contains(path) else {
                throw .badRequest(
                    "Unable to find \"\(kind.group)/\(kind.version), Resource=\(kind.plural)\" that match "
                        + "label "
                        + "selector \"\", field selector \"\(text)\": field label not supported: \(path)")
            }
            requirements.append(
                FieldSelector.Requirement(
                    path: path.split(separator: ".").map(String.init), value: trimmed(pair[1]),
                    isEqual: isEqual))
        }
        return FieldSelector(requirements: requirements)
    }

    private static let selectable: [ResourceKind: [String]] = [
        .pod: [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "status.phase",
            "status.podIP", "status.nominatedNodeName",
        ],
        .namespace: ["status.phase"],
        .secret: ["type"],
        .service: ["spec.clusterIP", "spec.type"],
        .event: [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath",
            "reason",
            "reportingComponent", "type",
        ],
    ]
}
