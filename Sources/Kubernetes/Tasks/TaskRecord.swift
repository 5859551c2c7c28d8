import Deploys
import Foundation
import JSON

/// A CronJob of ours, and the newest of its Jobs that is over.
struct TaskRecord {
    let id: ScheduledTask.ID
    let label: String
    /// Nil when there is none, or none any more.
    let job: FinishedJob?
    /// What the CronJob says itself; Jobs are kept for a while only.
    let lastSuccess: Date?

    /// - Parameters:
    ///   - cronJob: as `trim(cronJob:)` leaves it.
    ///   - jobs: of its namespace, as `trim(job:)` leaves them.
    init(_ cronJob: JSON, jobs: some Collection<JSON>) {
        let metadata = cronJob["metadata"]
        id = ScheduledTask.ID(
            namespace: metadata?["namespace"]?.string ?? "", name: metadata?["name"]?.string ?? "")
        // Its name in the cluster begins with the app's, which people know anyway.
        let prefix = "\(metadata?.at("labels", ObjectScope.partOfLabel)?.string ?? "")-"
        label = id.name.hasPrefix(prefix) && id.name != prefix ? String(id.name.dropFirst(prefix.count)) : id.name
        let uid = metadata?["uid"]
        job = jobs.filter { Self.owner(of: $0) == uid }.compactMap { FinishedJob($0) }.max { $0.order < $1.order }
        lastSuccess = Timestamp.date(cronJob.at("status", "lastSuccessfulTime"))
    }

    /// By UID: names come again.
    private static func owner(of job: JSON) -> JSON? {
        job.at("metadata", "ownerReferences")?.array?.first { $0["controller"]?.bool == true }?["uid"]
    }

    /// Of a CronJob, what is kept by a watch.
    static func trim(cronJob: JSON) -> JSON {
        let metadata = cronJob["metadata"]
        return .compact([
            "metadata": .compact([
                "name": metadata?["name"], "namespace": metadata?["namespace"], "uid": metadata?["uid"],
                "labels": .compact([ObjectScope.partOfLabel: metadata?.at("labels", ObjectScope.partOfLabel)]),
            ]),
            "status": .compact(["lastSuccessfulTime": cronJob.at("status", "lastSuccessfulTime")]),
        ])
    }

    /// Of a Job, what is kept by a watch.
    static func trim(job: JSON) -> JSON {
        let (metadata, status) = (job["metadata"], job["status"])
        return .compact([
            "metadata": .compact([
                "name": metadata?["name"], "namespace": metadata?["namespace"], "uid": metadata?["uid"],
                "creationTimestamp": metadata?["creationTimestamp"],
                "ownerReferences": metadata?["ownerReferences"],
            ]),
            "spec": .compact(["activeDeadlineSeconds": job.at("spec", "activeDeadlineSeconds")]),
            "status": .compact(["startTime": status?["startTime"], "conditions": status?["conditions"]]),
        ])
    }
}

/// A run that is over
/// (https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions).
struct FinishedJob {
    let namespace: String
    let name: String
    let uid: String
    let began: Date
    /// Nil when it went well.
    let failure: Failure?

    struct Failure {
        /// Such as `DeadlineExceeded`.
        let reason: String
        /// How long it might have taken.
        let deadlineSeconds: Int?
    }

    /// One begins after the other; the name, which counts the minutes, decides within a second.
    var order: (Date, String) { (began, name) }

    /// Nil for one that is not over.
    init?(_ job: JSON) {
        guard JobVerdict.isOver(job),
            let began = Timestamp.date(job.at("status", "startTime"))
                ?? Timestamp.date(job.at("metadata", "creationTimestamp"))
        else { return nil }
        namespace = job.at("metadata", "namespace")?.string ?? ""
        name = job.at("metadata", "name")?.string ?? ""
        uid = job.at("metadata", "uid")?.string ?? ""
        self.began = began
        let failed = Pods.condition("Failed", of: job)
        failure = failed?["status"]?.string == "True"
            ? Failure(
                reason: failed?["reason"]?.string ?? "",
                deadlineSeconds: job.at("spec", "activeDeadlineSeconds")?.int) : nil
    }
}
