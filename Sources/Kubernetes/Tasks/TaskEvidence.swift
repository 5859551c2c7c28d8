import Deploys
import Foundation
import JSON

/// Finds out why a run of a scheduled task failed. What cannot be had in time is left out.
struct TaskEvidence: Sendable {
    let client: KubernetesClient
    let limits: RollOutLimits
    /// By namespace.
    let mask: @Sendable (String) -> SecretMask

    /// Of what the cluster tells about one run.
    static let maxLines = 5

    /// Without secrets that somebody let slip into it.
    func failure(of job: FinishedJob) async -> TaskFailure {
        let found = await find(job)
        let mask = mask(job.namespace)
        return TaskFailure(mask.masked(found.sentence), lines: LineMask.masked(found.lines, by: mask))
    }

    private func find(_ job: FinishedJob) async -> TaskFailure {
        if job.failure?.reason == "DeadlineExceeded" {
            let duration = job.failure?.deadlineSeconds.map { "within \($0) seconds" } ?? "in time"
            // Its pod, and what it wrote, is gone by now.
            return TaskFailure(
                "It did not end \(duration), and was stopped.", lines: await warnings(about: job))
        }
        guard let pod = await newestPod(of: job) else {
            return TaskFailure(
                "It failed, and what it wrote can't be read any more.", lines: await warnings(about: job))
        }
        let reference = FirstCause.LogReference(
            pod: Pods.name(pod), container: CronJobObjects.containerName, previous: false)
        let log = EvidenceLog(client: client, limits: limits)
        let lines = await log.lines(of: reference, in: job.namespace).filter { !$0.isEmpty }.map(Self.withoutStamp)
        guard let last = lines.last else {
            return TaskFailure("It failed and wrote nothing.", lines: await warnings(about: job))
        }
        return TaskFailure(last, lines: lines.dropLast().suffix(Self.maxLines))
    }

    private func newestPod(of job: FinishedJob) async -> JSON? {
        let pods = await client.timing.within(limits.maxEvidenceWait) { [client] in
            // The label that clusters of every age have.
            (try? await client.list(.pods, namespace: job.namespace, labelSelector: "job-name=\(job.name)"))?.items
        }
        let own = (pods ?? []).filter { pod in
            pod.at("metadata", "ownerReferences")?.array?.contains { $0["uid"]?.string == job.uid } ?? false
        }
        func begin(_ pod: JSON) -> String { pod.at("metadata", "creationTimestamp")?.string ?? "" }
        return own.max { begin($0) < begin($1) }
    }

    /// About the Job and about its pods, which are called after it.
    private func warnings(about job: FinishedJob) async -> [String] {
        let events = await client.timing.within(limits.maxEvidenceWait) { [client] in
            (try? await client.list(.events, namespace: job.namespace))?.items
        }
        let own = (events ?? []).filter { event in
            let about = event["involvedObject"]
            return event["type"]?.string == "Warning"
                && (about?["uid"]?.string == job.uid || about?["name"]?.string?.hasPrefix("\(job.name)-") == true)
        }
        // What the sentence says already, in the cluster's words.
        let news = PodEvents.sorted(own).filter {
            !["DeadlineExceeded", "BackoffLimitExceeded"].contains($0["reason"]?.string)
        }
        let lines = news.compactMap { event in
            event["message"]?.string.map { "\(event["reason"]?.string ?? "Warning"): \($0)" }
        }
        return EvidenceLog(client: client, limits: limits).clean(lines.suffix(Self.maxLines))
    }

    /// `2026-11-20T23:25:39Z error what happened`: when it happened is told apart.
    static func withoutStamp(_ line: String) -> String {
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count == 3, Log.Level(rawValue: String(parts[1])) != nil,
            (try? Date(String(parts[0]), strategy: .iso8601)) != nil
        else { return line }
        return String(parts[2])
    }
}
