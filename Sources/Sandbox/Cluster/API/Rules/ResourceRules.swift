import JSON

/// Requests and limits.
enum ResourceRules {
    static func errors(in resources: JSON, _ path: String) -> [FieldError] {
        var errors: [FieldError] = []
        for list in ["limits", "requests"] {
            for (name, amount) in (resources[list]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
                let path = "\(path).\(list)[\(name)]"
                if let quantity = amount.string.flatMap({ ExactQuantity($0) }), quantity.value < 0 {
                    errors.append(.invalid(path, amount, "must be greater than or equal to 0"))
                }
                if !isKnown(name) {
                    errors.append(
                        .invalid(path, .string(name), "must be a standard resource type or fully qualified"))
                }
            }
        }
        for (name, amount) in (resources["requests"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let limit = resources.at("limits", name),
                let most = limit.string.flatMap({ ExactQuantity($0) }),
                let wanted = amount.string.flatMap({ ExactQuantity($0) }), wanted.value > most.value
            else { continue }
            errors.append(
                .invalid(
                    "\(path).requests", amount,
                    "must be less than or equal to \(name) limit of \(limit.string ?? "")"))
        }
        return errors
    }

    private static func isKnown(_ name: String) -> Bool {
        ["cpu", "memory", "ephemeral-storage"].contains(name) || name.hasPrefix("hugepages-")
            || name.contains("/")
    }
}
