import Foundation
import JSON

/// What a Lease says (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/).
struct LeaseRecord: Equatable {
    /// Nil when nobody holds it.
    var holder: String?
    /// How long others wait for the next sign of life.
    var durationSeconds: Int
    /// `MicroTime` of when the holder took it, and of its last sign of life. Nobody decides anything by them: clocks
    /// of two machines differ.
    var acquireTime: String?
    var renewTime: String?
    /// How often the holder has changed.
    var transitions: Int
    /// Nil for a Lease that is not made yet.
    var resourceVersion: String?

    init(_ object: JSON) {
        let spec = object["spec"]
        let holder = spec?["holderIdentity"]?.string ?? ""
        self.holder = holder.isEmpty ? nil : holder
        durationSeconds = spec?["leaseDurationSeconds"]?.int ?? 0
        acquireTime = spec?["acquireTime"]?.string
        renewTime = spec?["renewTime"]?.string
        transitions = spec?["leaseTransitions"]?.int ?? 0
        resourceVersion = object.at("metadata", "resourceVersion")?.string
    }

    /// The same Lease, held by `name` from now on.
    func held(by name: String, durationSeconds: Int, at time: Date) -> LeaseRecord {
        var next = self
        let isNew = holder != name
        next.holder = name
        next.durationSeconds = durationSeconds
        next.renewTime = Self.microTime(time)
        if isNew {
            next.acquireTime = next.renewTime
            next.transitions += resourceVersion == nil ? 0 : 1
        }
        return next
    }

    /// The same Lease, held by nobody.
    var released: LeaseRecord {
        var next = self
        next.holder = nil
        return next
    }

    func object(name: String, namespace: String) -> JSON {
        return [
            "apiVersion": .string(KubernetesResource.leases.apiVersion), "kind": "Lease",
            "metadata": .compact([
                "name": .string(name), "namespace": .string(namespace),
                "resourceVersion": resourceVersion.map(JSON.string),
            ]),
            "spec": .compact([
                "holderIdentity": holder.map(JSON.string), "leaseDurationSeconds": .int(max(1, durationSeconds)),
                "acquireTime": acquireTime.map(JSON.string), "renewTime": renewTime.map(JSON.string),
                "leaseTransitions": .int(transitions),
            ]),
        ]
    }

    /// RFC 3339 in UTC with six digits of a second, as Kubernetes writes `MicroTime`.
    static func microTime(_ date: Date) -> String {
        let microseconds = Int((date.timeIntervalSince1970 * 1_000_000).rounded(.down))
        let whole = Date(timeIntervalSince1970: Double(microseconds / 1_000_000))
        let fraction = String(microseconds % 1_000_000)
        let padding = String(repeating: "0", count: 6 - fraction.count)
        return whole.formatted(.iso8601).dropLast() + ".\(padding)\(fraction)Z"
    }
}
