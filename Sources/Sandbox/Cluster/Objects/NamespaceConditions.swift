import JSON

/// What a namespace that is being terminated says of what is left in it
/// (https://kubernetes.io/docs/tasks/administer-cluster/namespaces/#deleting-a-namespace).
enum NamespaceConditions {
    static func make(leftovers: [(key: ObjectKey, object: JSON)], now: String) -> JSON {
        // The core group is the empty one, and its dot stays.
        let kinds = Dictionary(grouping: leftovers) { "\($0.key.kind.plural).\($0.key.kind.group)" }
            .sorted { $0.key < $1.key }.map { "\($0.key) has \($0.value.count) resource instances" }
        let finalizers = Dictionary(grouping: leftovers.flatMap { $0.object.finalizers }) { $0 }
            .sorted { $0.key < $1.key }.map { "\($0.key) in \($0.value.count) resource instances" }
        return .array((finished + [remaining(kinds), waiting(finalizers)]).map {
            [
                "type": .string($0.type), "status": .string($0.status), "reason": .string($0.reason),
                "message": .string($0.message), "lastTransitionTime": .string(now),
            ]
        })
    }

    private typealias Condition = (type: String, status: String, reason: String, message: String)

    private static let finished: [Condition] = [
        (
            "NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered",
            "All resources successfully discovered"
        ),
        (
            "NamespaceDeletionGroupVersionParsingFailure", "False", "ParsedGroupVersions",
            "All legacy kube types successfully parsed"
        ),
        (
            "NamespaceDeletionContentFailure", "False", "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization"
        ),
    ]

    private static func remaining(_ kinds: [String]) -> Condition {
        let type = "NamespaceContentRemaining"
        if kinds.isEmpty { return (type, "False", "ContentRemoved", "All content successfully removed") }
        return (
            type, "True", "SomeResourcesRemain",
            "Some resources are remaining: \(kinds.joined(separator: ", "))"
        )
    }

    private static func waiting(_ finalizers: [String]) -> Condition {
        let type = "NamespaceFinalizersRemaining"
        if finalizers.isEmpty {
            return (type, "False", "ContentHasNoFinalizers", "All content-preserving finalizers finished")
        }
        return (
            type, "True", "SomeFinalizersRemain",
            "Some content in the namespace has finalizers remaining: \(finalizers.joined(separator: ", "))"
        )
    }
}
