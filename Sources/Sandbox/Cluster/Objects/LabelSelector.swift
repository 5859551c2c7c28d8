import JSON

/// Equality and set-based label requirements; all must hold
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors).
package struct LabelSelector: Sendable, Equatable {
    package enum Requirement: Sendable, Equatable {
        case among(key: String, values: [String])
        case notAmong(key: String, values: [String])
        case exists(key: String)
        case absent(key: String)
    }

    package var requirements: [Requirement]

    package static let everything = LabelSelector(requirements: [])

    package init(requirements: [Requirement]) { self.requirements = requirements }

    package init(labels: [String: String]) {
        requirements = labels.sorted { $0.key < $1.key }.map { .among(key: $0.key, values: [$0.value]) }
    }

    /// A `spec.selector` with `matchLabels` and `matchExpressions`. Unknown operators select nothing.
    package init(selector: JSON) {
        let labels = (selector["matchLabels"]?.object ?? [:]).compactMapValues(\.string)
        requirements = LabelSelector(labels: labels).requirements
        for expression in selector["matchExpressions"]?.array ?? [] {
            let key = expression["key"]?.string ?? ""
            let values = (expression["values"]?.array ?? []).compactMap(\.string)
            switch expression["operator"]?.string {
            case "In": requirements.append(.among(key: key, values: values))
            case "NotIn": requirements.append(.notAmong(key: key, values: values))
            case "Exists": requirements.append(.exists(key: key))
            case "DoesNotExist": requirements.append(.absent(key: key))
            default: requirements.append(.among(key: key, values: []))
            }
        }
    }

    package func matches(_ labels: [String: String]) -> Bool {
        requirements.allSatisfy { requirement in
            switch requirement {
            case .among(let key, let values): labels[key].map(values.contains) ?? false
            case .notAmong(let key, let values): labels[key].map { !values.contains($0) } ?? true
            case .exists(let key): labels[key] != nil
            case .absent(let key): labels[key] == nil
            }
        }
    }
}
