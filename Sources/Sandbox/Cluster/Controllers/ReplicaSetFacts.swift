import JSON

/// A ReplicaSet as the Deployment controller looks at it.
struct ReplicaSetFacts: Equatable {
    static let hashLabel = "pod-template-hash"
    static let revisionAnnotation = "deployment.kubernetes.io/revision"
    static let desiredAnnotation = "deployment.kubernetes.io/desired-replicas"
    static let maxAnnotation = "deployment.kubernetes.io/max-replicas"

    var object: JSON

    init(_ object: JSON) { self.object = object }

    var name: String { object.name }
    /// How many pods it is told to have; the status says how many it has.
    var wanted: Int { object.at("spec", "replicas")?.int ?? 1 }
    var present: Int { status("replicas") }
    var ready: Int { status("readyReplicas") }
    var available: Int { status("availableReplicas") }
    var terminating: Int { status("terminatingReplicas") }
    var revision: Int { Int(object.annotations[Self.revisionAnnotation] ?? "") ?? 0 }
    var desiredAnnotation: Int? { object.annotations[Self.desiredAnnotation].flatMap(Int.init) }
    var maxAnnotation: Int? { object.annotations[Self.maxAnnotation].flatMap(Int.init) }
    /// RFC 3339 in UTC, which sorts as text.
    var created: String { object.at("metadata", "creationTimestamp")?.string ?? "" }

    private func status(_ key: String) -> Int { object.at("status", key)?.int ?? 0 }

    /// The pod template without the hash that the controller added.
    var template: JSON {
        var template = object.at("spec", "template") ?? .null
        template.set(nil, at: "metadata", "labels", Self.hashLabel)
        return template
    }

    static func older(_ left: ReplicaSetFacts, _ right: ReplicaSetFacts) -> Bool {
        (left.created, left.name) < (right.created, right.name)
    }
}

extension [ReplicaSetFacts] {
    var wanted: Int { reduce(0) { $0 + $1.wanted } }
    var present: Int { reduce(0) { $0 + $1.present } }
    var ready: Int { reduce(0) { $0 + $1.ready } }
    var available: Int { reduce(0) { $0 + $1.available } }
    var terminating: Int { reduce(0) { $0 + $1.terminating } }
}
