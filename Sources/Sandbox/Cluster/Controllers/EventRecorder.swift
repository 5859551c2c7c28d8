import Crypto
import Foundation
import JSON

/// Writes notes as Kubernetes `Event` objects. The same note again raises the count of the first one
/// instead of making another, as Kubernetes' own recorder does; which one that is follows from the note
/// alone, so it also holds after a restart.
struct EventRecorder: Sendable {
    /// Messages come from apps and engines; a longer one is cut (Kubernetes' own limit, `core/validation`).
    static let maxMessageCharacters = 1_024

    let store: ObjectStore
    let now: @Sendable () -> Date
    /// The node's name, for notes of the kubelet.
    var node: String?

    /// A note that cannot be written (its namespace is going away, say) is dropped: it is a courtesy.
    func record(_ note: EventNote) async {
        let namespace = note.about.namespace
        let time = ObjectStore.timestamp(now())
        let name = name(for: note)
        if note.component == Scheduler.name {
            _ = try? await store.create(
                .event, schedulerEvent(note, name: name), by: note.component)
            return
        }
        let again = try? await store.modify(
            .event, namespace: namespace, name: name, by: note.component
        ) { event in
            event["count"] = .int((event["count"]?.int ?? 1) + 1)
            event["lastTimestamp"] = .string(time)
        }
        if again == nil {
            _ = try? await store.create(
                .event, event(note, name: name, time: time), by: note.component)
        }
    }

    private func name(for note: EventNote) -> String {
        let identity: JSON = [
            .string(note.about.uid), .string(note.severity.rawValue), .string(note.reason),
            .string(note.message), .string(note.component), .string(note.fieldPath ?? ""),
        ]
        return "\(note.about.name).\(hex(sha256(identity.bytes)).prefix(16))"
    }

    /// The scheduler writes events of the newer kind, which have another time and no count
    /// (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/).
    private func schedulerEvent(_ note: EventNote, name: String) -> JSON {
        var event = event(note, name: name, time: "")
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for key in ["firstTimestamp", "lastTimestamp"] { event[key] = .null }
        event["count"] = nil
        event["eventTime"] = .string(now().formatted(style))
        event["action"] = note.severity == .normal ? "Binding" : "Scheduling"
        event["source"] = [:]
        event["reportingInstance"] = .string("\(note.component)-\(node ?? "")")
        return event
    }

    private func event(_ note: EventNote, name: String, time: String) -> JSON {
        var about: JSON = [
            "apiVersion": note.about["apiVersion"] ?? .null, "kind": note.about["kind"] ?? .null,
            "name": .string(note.about.name), "namespace": .string(note.about.namespace),
            "uid": .string(note.about.uid), "resourceVersion": .string(String(note.about.resourceVersion)),
        ]
        if let path = note.fieldPath { about["fieldPath"] = .string(path) }
        var source: JSON = ["component": .string(note.component)]
        let host = note.component == Kubelet.name ? node : nil
        if let host { source["host"] = .string(host) }
        return [
            "apiVersion": "v1", "kind": "Event",
            "metadata": ["name": .string(name), "namespace": .string(note.about.namespace)],
            "involvedObject": about, "type": .string(note.severity.rawValue),
            "reason": .string(note.reason),
            "message": .string(String(note.message.prefix(Self.maxMessageCharacters))),
            "source": source, "count": 1, "eventTime": .null,
            "firstTimestamp": .string(time), "lastTimestamp": .string(time),
            "reportingComponent": .string(note.component), "reportingInstance": .string(host ?? ""),
        ]
    }
}

/// What events of the node say they come from.
enum Kubelet {
    static let name = "kubelet"
}
