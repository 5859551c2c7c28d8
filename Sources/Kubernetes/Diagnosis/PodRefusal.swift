/// Why the cluster does not let pods be made, by the API server's words
/// (plugin/pkg/admission/resourcequota and the pod-security-admission module of Kubernetes). How long is waited and
/// what people read depend on it; that there are no pods is known without it.
enum PodRefusal: Equatable {
    /// - Parameters:
    ///   - level: `restricted:latest`.
    ///   - violations: such as `runAsNonRoot != true`.
    case podSecurity(level: String, violations: String)
    /// - Parameter amounts: `requested: pods=1, used: pods=1, limited: pods=1`.
    case quota(name: String, amounts: String)
    /// What a namespace demands of every container's resources.
    case other(String)

    /// - Parameter detail: `pods "cats-54dbc6464d-fhnth" is forbidden: …`, with or without words before it.
    init(_ detail: String) {
        // Without the name of a pod that nobody will ever see.
        var text = detail.range(of: " is forbidden: ").map { String(detail[$0.upperBound...]) } ?? detail
        if text.hasSuffix(".") { text.removeLast() }
        let security = "violates PodSecurity \""
        let quota = "exceeded quota: "
        if text.hasPrefix(security), let end = text.range(of: "\": ") {
            self = .podSecurity(
                level: String(text[..<end.lowerBound].dropFirst(security.count)),
                violations: Self.withoutParentheses(text[end.upperBound...]))
        } else if text.hasPrefix(quota), let end = text.range(of: ", requested: ") {
            self = .quota(
                name: String(text[..<end.lowerBound].dropFirst(quota.count)),
                amounts: String(text[end.lowerBound...].dropFirst(", ".count)))
        } else {
            self = .other(text)
        }
    }

    var patience: Duration {
        switch self {
        // The same pods would be refused again.
        case .podSecurity: .seconds(2)
        // Something that pods need may be made just now; another program of the namespace may end.
        case .quota, .other: .seconds(10)
        }
    }

    /// Behind a colon, without a full stop.
    var reason: String {
        switch self {
        case .podSecurity(let level, let violations):
            "its namespace takes only pods of the Pod Security level “\(level)”, and this breaks it: \(violations)"
        case .quota(let name, let amounts): "the quota “\(name)” of its namespace is used up (\(amounts))"
        case .other(let text): text
        }
    }

    /// The parentheses say which container has to set what, in the words of the API: for whoever looks at the
    /// evidence.
    private static func withoutParentheses(_ text: Substring) -> String {
        var depth = 0
        var kept = ""
        for character in text {
            if character == "(" {
                if depth == 0, kept.hasSuffix(" ") { kept.removeLast() }
                depth += 1
            }
            if depth == 0 { kept.append(character) }
            if character == ")" { depth = max(0, depth - 1) }
        }
        return kept
    }
}
