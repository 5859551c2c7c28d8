import Foundation
import JSON

/// A Job as its controllers look at it.
struct JobFacts {
    let object: JSON

    init(_ object: JSON) { self.object = object }

    var parallelism: Int { spec("parallelism") ?? 1 }
    /// Nil for a work queue, whose pods decide among themselves when all is done.
    var completions: Int? { spec("completions") }
    var backoffLimit: Int { spec("backoffLimit") ?? 6 }
    var isSuspended: Bool { object.at("spec", "suspend")?.bool ?? false }
    /// A failed container is started again in its pod, which then counts its restarts.
    var restartsInPlace: Bool { object.at("spec", "template", "spec", "restartPolicy") == "OnFailure" }

    private func spec(_ key: String) -> Int? { object.at("spec", key)?.int }

    var conditions: Conditions { Conditions(object.at("status", "conditions")) }
    /// `Complete` or `Failed`; nil while it is neither.
    var verdict: String? { ["Complete", "Failed"].first(where: conditions.isTrue) }
    var isFinished: Bool { verdict != nil }

    var started: Date? { Self.date(object.at("status", "startTime")) }
    var created: String { object.at("metadata", "creationTimestamp")?.string ?? "" }
    var completionTime: JSON? { object.at("status", "completionTime") }

    var finished: Date? {
        guard let verdict else { return nil }
        return Self.date(conditions[verdict]?["lastTransitionTime"])
    }

    /// When it has run for too long.
    var deadline: Date? {
        guard let seconds = spec("activeDeadlineSeconds"), let started else { return nil }
        return started.addingTimeInterval(TimeInterval(seconds))
    }

    /// When it may be taken away.
    var expiry: Date? {
        guard let seconds = spec("ttlSecondsAfterFinished"), let finished else { return nil }
        return finished.addingTimeInterval(TimeInterval(seconds))
    }

    static func date(_ json: JSON?) -> Date? { json?.string.flatMap { try? Date($0, strategy: .iso8601) } }
}
