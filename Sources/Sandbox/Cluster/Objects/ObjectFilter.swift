import JSON

/// Which objects of a kind a list or a watch is about.
package struct ObjectFilter: Sendable {
    /// Nil means all namespaces.
    package var namespace: String?
    package var labels: LabelSelector
    package var fields: FieldSelector

    package init(
        namespace: String? = nil, labels: LabelSelector = .everything, fields: FieldSelector = .everything
    ) {
        self.namespace = namespace
        self.labels = labels
        self.fields = fields
    }

    package static let everything = ObjectFilter()

    func matches(_ object: JSON) -> Bool {
        if let namespace, object.namespace != namespace { return false }
        if !labels.requirements.isEmpty, !labels.matches(object.labels) { return false }
        return fields.matches(object)
    }
}

/// `metadata.name=cats,status.phase!=Running`; all must hold. Which paths a kind has is the API's affair.
package struct FieldSelector: Sendable, Equatable {
    package struct Requirement: Sendable, Equatable {
        package let path: [String]
        package let value: String
        package let isEqual: Bool
    }

    package var requirements: [Requirement]

    package static let everything = FieldSelector(requirements: [])

    package init(requirements: [Requirement]) { self.requirements = requirements }

    package func matches(_ object: JSON) -> Bool {
        requirements.allSatisfy { requirement in
            var found: JSON? = object
            for key in requirement.path { found = found?[key] }
            return ((found?.string ?? "") == requirement.value) == requirement.isEqual
        }
    }
}
