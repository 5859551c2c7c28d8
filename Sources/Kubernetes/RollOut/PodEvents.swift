import Foundation
import JSON

/// What events tell about one pod, or about what makes pods
/// (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/).
struct PodEvents {
    private let events: [JSON]

    /// - Parameter events: of a whole namespace.
    init(_ events: [JSON], of object: JSON) {
        let uid = object.at("metadata", "uid")
        self.events =
            events
            .filter { uid != nil && $0.at("involvedObject", "uid") == uid }
            .sorted { Self.time($0) < Self.time($1) }
    }

    /// The health check's newest failure.
    var lastReadinessFailure: (outcome: ProbeOutcome, at: Date?)? {
        guard let (event, text) = lastUnhealthy("Readiness") else { return nil }
        return (ProbeOutcome(message: text), Timestamp.date(event["lastTimestamp"]))
    }

    var lastLivenessFailure: ProbeOutcome? {
        lastUnhealthy("Liveness").map { ProbeOutcome(message: $0.text) }
    }

    /// Why the containers were not even created.
    var preparationFailure: String? {
        let reasons: Set = ["FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox"]
        return events.last { reasons.contains($0["reason"]?.string ?? "") }?["message"]?.string
    }

    /// Why a Job has no pods.
    var creationFailure: String? {
        events.last { $0["reason"]?.string == "FailedCreate" }?["message"]?.string
    }

    /// All kinds of probes share the reason `Unhealthy`; only the message tells them apart.
    private func lastUnhealthy(_ probe: String) -> (event: JSON, text: String)? {
        let prefix = "\(probe) probe failed: "
        for event in events.reversed() where event["reason"]?.string == "Unhealthy" {
            guard let message = event["message"]?.string, message.hasPrefix(prefix) else { continue }
            return (event, String(message.dropFirst(prefix.count)))
        }
        return nil
    }

    private static func time(_ event: JSON) -> String {
        event["lastTimestamp"]?.string ?? event["eventTime"]?.string ?? ""
    }
}

/// Kubernetes' times: RFC 3339 in UTC, whole seconds.
enum Timestamp {
    static func date(_ value: JSON?) -> Date? {
        value?.string.flatMap { try? Date($0, strategy: .iso8601) }
    }
}
