import Foundation
import JSON

/// Job → pods, until enough of them have succeeded or too many failed
/// (https://kubernetes.io/docs/concepts/workloads/controllers/job/).
///
/// It counts the pods that are there. Kubernetes also remembers those that were taken away, with a finalizer
/// on each pod; here nobody takes a Job's pods away but the Job.
struct JobController {
    static let name = "job-controller"
    /// Of a Job's conditions.
    private static let extraTime = "lastProbeTime"

    private let job: JobFacts
    /// Those that the Job controls, ended ones too.
    private let pods: [PodFacts]
    /// Between a failed pod and the next one.
    private let backOff: BackOff
    private let now: Date

    init(job: JSON, pods: [JSON], backOff: BackOff, now: Date) {
        self.job = JobFacts(job)
        self.pods = pods.map(PodFacts.init)
        self.backOff = backOff
        self.now = now
    }

    private var time: String { ObjectStore.timestamp(now) }
    private var active: [PodFacts] { pods.filter(\.isActive) }
    private var terminating: [PodFacts] { pods.filter { $0.object.isBeingDeleted && !$0.isOver } }
    private var succeeded: Int { pods.filter { $0.phase == "Succeeded" }.count }
    private var failed: [PodFacts] { pods.filter { $0.phase == "Failed" } }

    /// - Parameter nameSuffix: a new random end of a pod's name.
    func plan(nameSuffix: () -> String) -> ControllerPlan {
        if job.object.isBeingDeleted { return .nothing }
        if job.isFinished { return takeAway() }
        if job.conditions.isTrue("FailureTarget") { return finishFailure() }
        if job.conditions.isTrue("SuccessCriteriaMet") { return finishSuccess() }
        if job.isSuspended { return suspend() }
        if let failure { return begin(failure) }
        if isComplete { return beginSuccess() }
        return proceed(nameSuffix)
    }

    // MARK: - Running

    private func proceed(_ nameSuffix: () -> String) -> ControllerPlan {
        var plan = ControllerPlan()
        var missing = wanted - active.count - terminating.count
        if missing > 0, let earliest = nextAttempt, earliest > now {
            plan.checkAgain(at: earliest)
            missing = 0
        }
        for _ in 0..<max(0, missing) { plan.actions += create(nameSuffix()) }
        for pod in active.sorted(by: PodFacts.goesBefore).prefix(max(0, -missing)) {
            plan.actions += delete(pod)
        }
        var status = status(active: active.count + missing)
        status["startTime"] = job.object.at("status", "startTime") ?? .string(time)
        var conditions = job.conditions
        if conditions.isTrue("Suspended") {
            conditions.set(
                "Suspended", "False", "JobResumed", "Job resumed", now: time, extraTime: Self.extraTime)
        }
        if !conditions.items.isEmpty { status["conditions"] = conditions.json }
        if let deadline = job.deadline { plan.checkAgain(at: deadline) }
        write(status, to: &plan)
        return plan
    }

    /// How many pods should run side by side.
    private var wanted: Int {
        guard let completions = job.completions else {
            // One that succeeded says that the queue is empty.
            return succeeded > 0 ? active.count : job.parallelism
        }
        return min(job.parallelism, completions - succeeded)
    }

    private var isComplete: Bool {
        if let completions = job.completions { return succeeded >= completions }
        return succeeded > 0 && active.isEmpty && terminating.isEmpty
    }

    /// Longer with each pod that failed.
    private var nextAttempt: Date? {
        guard let last = failed.compactMap(\.ended).max() else { return nil }
        var wait = backOff
        for _ in failed { wait.step(at: last) }
        return wait.nextAttempt(after: last)
    }

    private func create(_ suffix: String) -> [ControllerPlan.Action] {
        let name = "\(job.object.name.prefix(57))-\(suffix)"
        let pod = PodFactory.pod(
            name: name, owner: job.object, template: job.object.at("spec", "template") ?? .null)
        return [.create(.pod, pod), event(.normal, "SuccessfulCreate", "Created pod: \(name)")]
    }

    private func delete(_ pod: PodFacts) -> [ControllerPlan.Action] {
        [.delete(.pod, pod.object), event(.normal, "SuccessfulDelete", "Deleted pod: \(pod.object.name)")]
    }

    private func suspend() -> ControllerPlan {
        var plan = ControllerPlan(actions: active.flatMap(delete))
        var status = status(active: 0)
        status["startTime"] = nil
        var conditions = job.conditions
        if !conditions.isTrue("Suspended") {
            plan.actions.append(event(.normal, "Suspended", "Job suspended"))
        }
        conditions.set(
            "Suspended", "True", "JobSuspended", "Job suspended", now: time, extraTime: Self.extraTime)
        status["conditions"] = conditions.json
        write(status, to: &plan)
        return plan
    }

    // MARK: - Ending

    private struct Failure {
        let reason: String
        let message: String
    }

    private var failure: Failure? {
        let restarts = active.reduce(0) { $0 + $1.restarts }
        let isPastLimit =
            failed.count > job.backoffLimit
            || job.restartsInPlace && restarts > 0 && restarts >= job.backoffLimit
        if isPastLimit {
            return Failure(
                reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit")
        }
        if let deadline = job.deadline, deadline <= now {
            return Failure(
                reason: "DeadlineExceeded", message: "Job was active longer than specified deadline")
        }
        return nil
    }

    /// First what is going to be said, while pods still run; the last word when none does.
    private func begin(_ failure: Failure) -> ControllerPlan {
        var plan = ControllerPlan(actions: active.flatMap(delete))
        plan.actions.append(event(.warning, failure.reason, failure.message))
        writeCondition("FailureTarget", failure.reason, failure.message, counts: false, to: &plan)
        return plan
    }

    private func finishFailure() -> ControllerPlan {
        var plan = ControllerPlan(actions: active.flatMap(delete))
        let target = job.conditions["FailureTarget"] ?? [:]
        guard active.isEmpty, terminating.isEmpty else {
            write(status(active: 0), to: &plan)
            return plan
        }
        writeCondition(
            "Failed", target["reason"]?.string ?? "", target["message"]?.string ?? "", counts: true, to: &plan
        )
        return plan
    }

    private static let success = (
        reason: "CompletionsReached", message: "Reached expected number of succeeded pods"
    )

    private func beginSuccess() -> ControllerPlan {
        var plan = ControllerPlan(actions: active.flatMap(delete))
        writeCondition(
            "SuccessCriteriaMet", Self.success.reason, Self.success.message, counts: false, to: &plan)
        return plan
    }

    private func finishSuccess() -> ControllerPlan {
        var plan = ControllerPlan(actions: active.flatMap(delete))
        guard active.isEmpty, terminating.isEmpty else {
            write(status(active: 0), to: &plan)
            return plan
        }
        plan.actions.append(event(.normal, "Completed", "Job completed"))
        writeCondition("Complete", Self.success.reason, Self.success.message, counts: true, to: &plan)
        return plan
    }

    private func takeAway() -> ControllerPlan {
        guard let expiry = job.expiry else { return .nothing }
        if expiry <= now { return ControllerPlan(actions: [.delete(.job, job.object)]) }
        var plan = ControllerPlan()
        plan.checkAgain(at: expiry)
        return plan
    }

    // MARK: - Status

    /// - Parameter counts: whether the pods that have just ended are counted in the same write.
    private func writeCondition(
        _ type: String, _ reason: String, _ message: String, counts: Bool, to plan: inout ControllerPlan
    ) {
        var conditions = job.conditions
        conditions.set(type, "True", reason, message, now: time, extraTime: Self.extraTime)
        var status = status(active: 0)
        if !counts { for key in ["succeeded", "failed"] { status[key] = job.object.at("status", key) } }
        status["conditions"] = conditions.json
        if type == "Complete" { status["completionTime"] = .string(time) }
        write(status, to: &plan)
    }

    private func status(active count: Int) -> JSON {
        var status: JSON = [
            "ready": .int(active.filter(\.isReady).count), "terminating": .int(terminating.count),
            "uncountedTerminatedPods": [:],
        ]
        for key in ["startTime", "conditions"] { status[key] = job.object.at("status", key) }
        for (key, number) in [("active", count), ("succeeded", succeeded), ("failed", failed.count)]
        where number > 0 {
            status[key] = .int(number)
        }
        return status
    }

    private func write(_ status: JSON, to plan: inout ControllerPlan) {
        guard status != job.object["status"] else { return }
        var changed = job.object
        changed["status"] = status
        plan.actions.append(.updateStatus(.job, changed))
    }

    private func event(
        _ severity: EventNote.Severity, _ reason: String, _ message: String
    ) -> ControllerPlan.Action {
        .event(EventNote(about: job.object, severity, reason, message, component: Self.name))
    }
}
