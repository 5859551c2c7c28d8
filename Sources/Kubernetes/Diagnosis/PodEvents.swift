import Foundation
import JSON

/// A namespace's events by what they are about: looked through at every look, read seldom.
struct EventIndex: Sendable {
    private let eventsByUID: [String: [JSON]]

    init(_ events: [JSON] = []) {
        eventsByUID = Dictionary(grouping: events) { $0.at("involvedObject", "uid")?.string ?? "" }
    }

    /// - Parameter object: a pod or a Job.
    func about(_ object: JSON) -> PodEvents {
        let uid = object.at("metadata", "uid")?.string
        return PodEvents(uid.flatMap { eventsByUID[$0] } ?? [])
    }

    /// Newest last.
    func warnings(about uids: Set<String>) -> [JSON] {
        PodEvents.sorted(uids.flatMap { eventsByUID[$0] ?? [] }).filter { $0["type"]?.string == "Warning" }
    }
}

/// What events tell about one pod, or about what makes pods
/// (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/).
///
/// Times are compared with each other only, and never with a clock of ours, which may be another one.
struct PodEvents {
    private let events: [JSON]

    /// - Parameter events: all about the same object.
    init(_ events: [JSON]) { self.events = Self.sorted(events) }

    /// A health check's newest failure since a container's start.
    /// - Parameters:
    ///   - container: its name.
    ///   - start: RFC 3339.
    func readinessFailure(of container: String, since start: String?) -> (outcome: ProbeOutcome, at: Date?)? {
        guard let (event, text) = lastUnhealthy(["Readiness"], of: container) else { return nil }
        // Of the container's run before this one.
        if let start, let last = event["lastTimestamp"]?.string, last < start { return nil }
        return (ProbeOutcome(message: text), Timestamp.date(event["lastTimestamp"]))
    }

    /// The check for whose sake the kubelet stopped the container; nil when it ended by itself.
    /// - Parameter exitCode: what it ended with.
    func killingCheck(of container: String, exitCode: Int) -> (check: KillingCheck, outcome: ProbeOutcome)? {
        for check in [KillingCheck.liveness, .startup] {
            guard let (_, text) = lastUnhealthy([check.word], of: container) else { continue }
            let isTold = events.contains { event in
                isAbout(container, event) && event["reason"]?.string == "Killing"
                    && event["message"]?.string?.contains("\(check.word.lowercased()) probe") == true
            }
            // SIGTERM, or SIGKILL after the grace period; whoever catches SIGTERM chooses a code.
            if isTold || [137, 143].contains(exitCode) { return (check, ProbeOutcome(message: text)) }
        }
        return nil
    }

    /// Why the containers were not even created.
    var preparationFailure: String? {
        let reasons: Set = ["FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox"]
        // Images are looked for when all that was prepared; from then on, older events are of the past.
        let after: Set = ["Pulling", "Pulled"]
        guard let last = events.last(where: { (reasons.union(after)).contains($0["reason"]?.string ?? "") }) else {
            return nil
        }
        return after.contains(last["reason"]?.string ?? "") ? nil : last["message"]?.string
    }

    /// Why a Job has no pods.
    var creationFailure: String? {
        events.last { $0["reason"]?.string == "FailedCreate" }?["message"]?.string
    }

    /// What a registry answered; container statuses of older clusters keep only that they back off.
    func pullFailure(of container: String) -> String? {
        let prefix = "Failed to pull image"
        return events.last {
            isAbout(container, $0) && $0["reason"]?.string == "Failed"
                && $0["message"]?.string?.hasPrefix(prefix) == true
        }?["message"]?.string
    }

    /// All kinds of probes share the reason `Unhealthy`; only the message tells them apart.
    private func lastUnhealthy(_ probes: [String], of container: String) -> (event: JSON, text: String)? {
        for event in events.reversed() where event["reason"]?.string == "Unhealthy" && isAbout(container, event) {
            for probe in probes {
                let prefix = "\(probe) probe failed: "
                guard let message = event["message"]?.string, message.hasPrefix(prefix) else { continue }
                return (event, String(message.dropFirst(prefix.count)))
            }
        }
        return nil
    }

    /// `spec.containers{cats}`; an event that names none is about the pod as a whole.
    private func isAbout(_ container: String, _ event: JSON) -> Bool {
        guard let path = event.at("involvedObject", "fieldPath")?.string, path.hasSuffix("}") else { return true }
        return path.hasSuffix("{\(container)}")
    }

    static func sorted(_ events: [JSON]) -> [JSON] {
        events.map { (time: time($0), event: $0) }.sorted { $0.time < $1.time }.map(\.event)
    }

    private static func time(_ event: JSON) -> String {
        event["lastTimestamp"]?.string ?? event["eventTime"]?.string ?? ""
    }
}

/// Checks whose failure stops a container.
enum KillingCheck: Hashable {
    case liveness
    case startup

    /// With which events begin.
    var word: String {
        switch self {
        case .liveness: "Liveness"
        case .startup: "Startup"
        }
    }
}

/// Kubernetes' times: RFC 3339 in UTC, whole seconds.
enum Timestamp {
    static func date(_ value: JSON?) -> Date? {
        value?.string.flatMap { try? Date($0, strategy: .iso8601) }
    }

    /// Between two times of one clock; nil when one is missing.
    static func seconds(from start: JSON?, to end: JSON?) -> Int? {
        guard let start = date(start), let end = date(end) else { return nil }
        return max(0, Int(end.timeIntervalSince(start)))
    }
}
