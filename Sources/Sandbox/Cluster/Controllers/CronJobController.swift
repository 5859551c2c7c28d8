import AppFile
import Foundation
import JSON

/// CronJob → Jobs, one for each time of its schedule
/// (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/).
struct CronJobController {
    static let name = "cronjob-controller"
    static let timeAnnotation = "batch.kubernetes.io/cronjob-scheduled-timestamp"
    /// How far back the last missed time is looked for, step by step, so that a frequent schedule does not
    /// have to be gone through from long ago. In seconds.
    private static let looksBack: [TimeInterval] = [120, 7_200, 172_800, 2_764_800, .infinity]

    private let cronJob: JSON
    /// Those that the CronJob controls, oldest first.
    private let jobs: [JobFacts]
    private let now: Date

    init(cronJob: JSON, jobs: [JSON], now: Date) {
        self.cronJob = cronJob
        self.jobs = jobs.map(JobFacts.init).sorted {
            ($0.created, $0.object.name) < ($1.created, $1.object.name)
        }
        self.now = now
    }

    private func spec(_ key: String) -> JSON? { cronJob.at("spec", key) }

    func plan() -> ControllerPlan {
        guard !cronJob.isBeingDeleted else { return .nothing }
        var plan = ControllerPlan(actions: tellEnds() + forgetOld())
        var status = cronJob["status"] ?? [:]
        noteJobs(in: &status)
        if spec("suspend")?.bool != true { schedule(&plan, &status) }
        if status != cronJob["status"] ?? [:] {
            var changed = cronJob
            changed["status"] = status
            plan.actions.append(.updateStatus(.cronJob, changed))
        }
        return plan
    }

    // MARK: - The schedule

    private func schedule(_ plan: inout ControllerPlan, _ status: inout JSON) {
        let text = spec("schedule")?.string ?? ""
        guard let schedule = CronSchedule(text) else {
            let sentence = "invalid schedule: \(text): the demo understands fields and words, but no @every"
            plan.actions.append(event(.warning, "UnParseableCronJobSchedule", sentence))
            return
        }
        if let next = next(schedule, after: now) { plan.checkAgain(at: next) }
        guard let due = lastMissed(schedule) else { return }
        // Names hold the time, so that no time is ever run twice.
        let name = "\(cronJob.name)-\(Int(due.timeIntervalSince1970) / 60)"
        if jobs.contains(where: { $0.object.name == name }) { return }
        let running = jobs.filter { !$0.isFinished }
        switch spec("concurrencyPolicy")?.string {
        case "Forbid" where !running.isEmpty:
            plan.actions.append(
                event(
                    .normal, "JobAlreadyActive",
                    "Not starting job because prior execution is running and concurrency policy is Forbid"))
            // It is looked at again when the running one ends: until its deadline it may still start.
            return
        case "Replace":
            plan.actions += running.flatMap { delete($0) }
            status["active"] = nil
        default: break
        }
        plan.actions += [
            .create(.job, job(name, due)), event(.normal, "SuccessfulCreate", "Created job \(name)"),
        ]
        status["lastScheduleTime"] = .string(ObjectStore.timestamp(due))
    }

    /// The latest time that has come and was not run; nil when there is none.
    private func lastMissed(_ schedule: CronSchedule) -> Date? {
        let created = JobFacts.date(cronJob.at("metadata", "creationTimestamp")) ?? now
        var earliest = JobFacts.date(cronJob.at("status", "lastScheduleTime")) ?? created
        if let deadline = spec("startingDeadlineSeconds")?.int {
            earliest = max(earliest, now.addingTimeInterval(-TimeInterval(deadline)))
        }
        for seconds in Self.looksBack {
            let start = max(earliest, now.addingTimeInterval(-seconds))
            guard var last = next(schedule, after: start), last <= now else { continue }
            while let later = next(schedule, after: last), later <= now { last = later }
            return last
        }
        return nil
    }

    /// Schedules are read as UTC; another zone's times are that much off.
    private func next(_ schedule: CronSchedule, after date: Date) -> Date? {
        guard let zone = spec("timeZone")?.string.flatMap(TimeZone.init(identifier:)) else {
            return schedule.next(after: date)
        }
        let shift = TimeInterval(zone.secondsFromGMT(for: date))
        return schedule.next(after: date.addingTimeInterval(shift))?.addingTimeInterval(-shift)
    }

    private func job(_ name: String, _ due: Date) -> JSON {
        let template = cronJob.at("spec", "jobTemplate") ?? [:]
        var metadata: JSON = [
            "name": .string(name), "namespace": .string(cronJob.namespace),
            "ownerReferences": [OwnerReference.controller(cronJob)],
        ]
        metadata["labels"] = template.at("metadata", "labels")
        metadata["annotations"] = template.at("metadata", "annotations")
        metadata.set(.string(ObjectStore.timestamp(due)), at: "annotations", Self.timeAnnotation)
        return [
            "apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": template["spec"] ?? [:],
        ]
    }

    // MARK: - Its jobs

    private func noteJobs(in status: inout JSON) {
        let running = jobs.filter { !$0.isFinished }.map { job -> JSON in
            [
                "apiVersion": "batch/v1", "kind": "Job", "name": .string(job.object.name),
                "namespace": .string(job.object.namespace), "uid": .string(job.object.uid),
                "resourceVersion": .string(String(job.object.resourceVersion)),
            ]
        }
        // A running job's version changes with its status; what is listed is the job, not the version.
        let known = (status["active"]?.array ?? []).map { $0["uid"] }
        if known != running.map({ $0["uid"] }) { status["active"] = running.isEmpty ? nil : .array(running) }
        let times = jobs.filter { $0.verdict == "Complete" }.compactMap { $0.completionTime?.string }
        if let last = (times + [status["lastSuccessfulTime"]?.string].compactMap { $0 }).max() {
            status["lastSuccessfulTime"] = .string(last)
        }
    }

    /// Of those that ran when it looked last.
    private func tellEnds() -> [ControllerPlan.Action] {
        let active = Set((cronJob.at("status", "active")?.array ?? []).compactMap { $0["uid"]?.string })
        return jobs.compactMap { job in
            guard active.contains(job.object.uid), let verdict = job.verdict else { return nil }
            return event(
                .normal, "SawCompletedJob", "Saw completed job: \(job.object.name), condition: \(verdict)")
        }
    }

    /// Finished jobs beyond those that are kept to be looked at.
    private func forgetOld() -> [ControllerPlan.Action] {
        [("Complete", "successfulJobsHistoryLimit", 3), ("Failed", "failedJobsHistoryLimit", 1)]
            .flatMap { verdict, key, standard -> [ControllerPlan.Action] in
                let finished = jobs.filter { $0.verdict == verdict }
                let surplus = finished.count - (spec(key)?.int ?? standard)
                return finished.prefix(max(0, surplus)).flatMap { delete($0) }
            }
    }

    private func delete(_ job: JobFacts) -> [ControllerPlan.Action] {
        [.delete(.job, job.object), event(.normal, "SuccessfulDelete", "Deleted job \(job.object.name)")]
    }

    private func event(
        _ severity: EventNote.Severity, _ reason: String, _ message: String
    ) -> ControllerPlan.Action {
        .event(EventNote(about: cronJob, severity, reason, message, component: Self.name))
    }
}
