import Deploys
import Foundation
import JSON
import Synchronization

/// Follows all scheduled tasks of ours in the cluster by one watch for what starts them and one for their runs.
package actor TaskMonitor: ScheduledTasks {
    /// What could not be told is told then.
    static let interval = Duration.seconds(10 * 60)
    /// A burst of changes is looked at once.
    static let pauseBeforeLook = Duration.seconds(1)
    /// Of a reader who is slow; each of them is complete.
    static let maxWaitingSnapshots = 1
    /// Failures that are looked into side by side.
    static let maxParallel = 8

    private let cronJobs: SharedWatch
    private let jobs: SharedWatch
    private let evidence: TaskEvidence
    private let timing: Timing
    /// By namespace: those that have any.
    private var tasks: [String: [ScheduledTask]] = [:]
    /// What was found out about the newest runs, by namespace and the Job's UID.
    private var failures: [String: [String: TaskFailure]] = [:]
    /// As they were when this bot stopped to look, and until it has looked again.
    private var remembered: [String: [ScheduledTask]] = [:]
    /// Since when nothing new can be known; nil while all is known, and before anything was.
    private var lostAt: Date?
    private var hasLooked = false
    private let now: @Sendable () -> Date

    /// - Parameter mask: for what the tasks of a namespace wrote.
    package init(
        _ client: KubernetesClient, limits: RollOutLimits = RollOutLimits(),
        now: @escaping @Sendable () -> Date = { Date() },
        mask: @escaping @Sendable (_ namespace: String) -> SecretMask = { _ in .shapes }
    ) {
        cronJobs = SharedWatch(
            client, .cronJobs, labelSelector: ObjectScope.managedBySelector, trim: TaskRecord.trim(cronJob:))
        // The CronJob's Jobs are its own, and carry no label that says that we manage them.
        jobs = SharedWatch(
            client, .jobs, labelSelector: "\(ObjectScope.componentLabel)=\(CronJobObjects.component)",
            trim: TaskRecord.trim(job:))
        evidence = TaskEvidence(client: client, limits: limits, mask: mask)
        timing = client.timing
        self.now = now
    }

    package nonisolated func snapshots() async -> AsyncStream<[ScheduledTask]> {
        let (stream, continuation) = AsyncStream<[ScheduledTask]>.makeStream(
            bufferingPolicy: .bufferingNewest(Self.maxWaitingSnapshots))
        let work = Task { await follow { continuation.yield($0) } }
        continuation.onTermination = { _ in work.cancel() }
        return stream
    }

    private func follow(_ report: @Sendable ([ScheduledTask]) -> Void) async {
        let pending = Mutex<Set<String>>([])
        let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let onChange: @Sendable (Set<String>) -> Void = { namespaces in
            pending.withLock { $0.formUnion(namespaces) }
            wake.yield()
        }
        let ids = (await cronJobs.followAll(onChange: onChange), await jobs.followAll(onChange: onChange))
        let ticks = Task {
            while (try? await timing.sleep(Self.interval)) != nil { wake.yield() }
        }
        for await _ in wakes {
            guard (try? await timing.sleep(Self.pauseBeforeLook)) != nil else { break }
            await noteTrouble()
            guard await cronJobs.isSynchronized, await jobs.isSynchronized else { continue }
            let namespaces = pending.withLock { pending in
                defer { pending = [] }
                return pending
            }
            await look(at: namespaces)
            guard !Task.isCancelled else { break }
            (hasLooked, remembered) = (true, [:])
            await noteTrouble()
            report(tasks.values.flatMap(\.self))
        }
        ticks.cancel()
        await cronJobs.unfollow(ids.0)
        await jobs.unfollow(ids.1)
        await cronJobs.stop()
        await jobs.stop()
        if hasLooked {
            remembered = tasks
            lostAt = lostAt ?? now()
        }
        (tasks, failures, hasLooked) = ([:], [:], false)
    }

    private func noteTrouble() async {
        let isTroubled = await isTroubled
        if isTroubled {
            if hasLooked { lostAt = lostAt ?? now() }
        } else if hasLooked {
            lostAt = nil
        }
    }

    private var isTroubled: Bool {
        get async {
            if await cronJobs.trouble != nil { return true }
            return await jobs.trouble != nil
        }
    }

    /// By namespace, of those that have tasks: as they were seen last. Never waits for the network.
    func tasks(in namespaces: [String]) -> [String: [ScheduledTask]] {
        let known = hasLooked ? tasks : remembered
        var found: [String: [ScheduledTask]] = [:]
        for namespace in namespaces { found[namespace] = known[namespace] }
        return found
    }

    /// Of the tasks that are known.
    var seen: Sighting {
        get async {
            if hasLooked, await !isTroubled { return .now }
            if let lostAt { return .last(lostAt) }
            return hasLooked ? .last(now()) : .never
        }
    }

    private func look(at namespaces: Set<String>) async {
        var records: [String: [TaskRecord]] = [:]
        for namespace in namespaces {
            let jobs = await jobs.objects(in: namespace).values
            records[namespace] = await cronJobs.objects(in: namespace).values.map { TaskRecord($0, jobs: jobs) }
        }
        let failed = records.values.joined().compactMap(\.job).filter { $0.failure != nil }
        let found = await reasons(failed)
        guard !Task.isCancelled else { return }
        for (namespace, records) in records {
            // Of a run that another one followed, nobody asks any more.
            let uids = records.compactMap(\.job?.uid)
            let known = found.filter { uids.contains($0.key) }
            failures[namespace] = known.isEmpty ? nil : known
            let seen = records.map { task($0, known) }.sorted { $0.label < $1.label }
            tasks[namespace] = seen.isEmpty ? nil : seen
        }
    }

    /// By the Jobs' UIDs. Each failure is looked into once.
    private func reasons(_ failed: [FinishedJob]) async -> [String: TaskFailure] {
        var found: [String: TaskFailure] = [:]
        for job in failed { found[job.uid] = failures[job.namespace]?[job.uid] }
        let news = failed.filter { found[$0.uid] == nil }
        let reasons = await inParallel(news, atMost: Self.maxParallel) { [evidence] in await evidence.failure(of: $0) }
        for (job, reason) in zip(news, reasons) { found[job.uid] = reason }
        return found
    }

    private func task(_ record: TaskRecord, _ reasons: [String: TaskFailure]) -> ScheduledTask {
        var run: ScheduledTask.Run?
        if let job = record.job {
            run = ScheduledTask.Run(at: job.began, failure: reasons[job.uid])
        } else if let success = record.lastSuccess {
            run = ScheduledTask.Run(at: success)
        }
        return ScheduledTask(record.id, label: record.label, lastRun: run)
    }
}
