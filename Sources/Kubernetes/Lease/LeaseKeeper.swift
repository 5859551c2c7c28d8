import Deploys
import Foundation
import JSON
import Synchronization

/// Lets work run only while the Lease `iterapp` is ours, so that two bots never change one cluster at once.
///
/// It is the protocol that Kubernetes' own controllers elect their leader by
/// (https://kubernetes.io/docs/concepts/architecture/leases/#leader-election): every write carries the version that was
/// read, so of two that write at once one is refused.
package actor LeaseKeeper {
    package static let leaseName = "iterapp"

    private let client: KubernetesClient
    private let namespace: String
    private let identity: LeaseIdentity
    private let limits: LeaseLimits
    private let wallClock: @Sendable () -> Date
    private let log: Log
    private let shared = Mutex(LeaseState.starting)

    private var observation = LeaseObservation()
    /// As the server has it since our last write.
    private var own: LeaseRecord?
    /// When the last attempt that succeeded was begun: whoever watches has seen our sign of life then or later.
    private var renewedAt: ContinuousClock.Instant?
    /// Whether the server may think that we hold it.
    private var hasWritten = false

    /// - Parameters:
    ///   - client: without retries of its own, for time is short here.
    ///   - namespace: the Lease's.
    package init(
        client: KubernetesClient, namespace: String, identity: LeaseIdentity, limits: LeaseLimits = LeaseLimits(),
        wallClock: @escaping @Sendable () -> Date = { .now }, log: Log
    ) {
        self.client = client
        self.namespace = namespace
        self.identity = identity
        self.limits = limits
        self.wallClock = wallClock
        self.log = log
    }

    package nonisolated var state: LeaseState { shared.withLock { $0 } }

    private var timing: Timing { client.timing }
    private var title: String { "the Lease \(namespace)/\(Self.leaseName)" }

    /// Runs `work` whenever the Lease is ours and cancels it when it is not any more, until the task is cancelled or
    /// `work` returns by itself. The Lease is given back only once `work` has ended, so that the next one can begin at
    /// once.
    package func run(whileHeld work: @escaping @Sendable () async -> Void) async {
        while await acquire() {
            if await hold(work) == .workEnded { break }
        }
        await release()
    }

    // MARK: - Taking and keeping it

    /// - Returns: false when the task is cancelled.
    private func acquire() async -> Bool {
        while !Task.isCancelled {
            if await attempt(for: limits.maxAttempt) {
                log.info("\(title) is held as \(identity.name)")
                return true
            }
            try? await timing.sleep(limits.pollInterval)
        }
        return false
    }

    private enum HoldEnd { case workEnded, leaseLost }

    private func hold(_ work: @escaping @Sendable () async -> Void) async -> HoldEnd {
        await withTaskGroup(of: HoldEnd.self) { group in
            group.addTask {
                await work()
                return .workEnded
            }
            group.addTask {
                await self.keep()
                return .leaseLost
            }
            let first = await group.next() ?? .leaseLost
            group.cancelAll()
            return Task.isCancelled ? .workEnded : first
        }
    }

    /// Returns when the Lease is not ours any more, or may soon be somebody else's.
    private func keep() async {
        var pause = limits.renewInterval
        while !Task.isCancelled {
            try? await timing.sleep(min(pause, timeLeft))
            guard timeLeft > .zero, !Task.isCancelled else { break }
            let isRenewed = await attempt(for: min(limits.maxAttempt, timeLeft))
            if case .heldBy = state { break }
            pause = isRenewed ? limits.renewInterval : limits.retryPause
        }
        guard !Task.isCancelled else { return }
        own = nil
        log.error("\(title) is lost, so work pauses: \(Self.reason(state))")
    }

    /// Until work has to stop.
    private var timeLeft: Duration {
        guard let renewedAt else { return .zero }
        return limits.maxUnrenewed - (timing.now() - renewedAt)
    }

    private static func reason(_ state: LeaseState) -> String {
        switch state {
        case .heldBy(let other): "\(other) holds it now."
        case .unavailable(let sentence, _): sentence
        case .starting, .held: "it could not be renewed in time."
        }
    }

    /// - Returns: whether the Lease is ours now.
    private func attempt(for limit: Duration) async -> Bool {
        let start = timing.now()
        let outcome = await bounded(by: limit) { await self.attemptOnce() }
        switch outcome {
        case .done:
            renewedAt = start
            report(.held)
            return true
        case .heldBy(let other): report(.heldBy(other))
        case .failed(.cancelled): break
        case .failed(let error): report(.unavailable(Self.sentence(error, title), isPassing: error.isTransient))
        }
        return false
    }

    private func attemptOnce() async -> Outcome {
        do throws(KubernetesError) {
            guard let other = try await takeOrRenew() else { return .done }
            return .heldBy(other)
        } catch {
            return .failed(error)
        }
    }

    /// - Returns: who else holds it; nil when we do.
    private func takeOrRenew() async throws(KubernetesError) -> String? {
        if let own {
            do throws(KubernetesError) {
                try await write(own)
                return nil
            } catch {
                switch error {
                // Somebody wrote in between or removed it, or our last write arrived although its answer did not.
                case .conflict, .notFound: self.own = nil
                default: throw error
                }
            }
        }
        guard let found = try await client.find(.leases, namespace: namespace, name: Self.leaseName) else {
            return try await take(LeaseRecord([:]))
        }
        let record = LeaseRecord(found)
        let isOurs = record.holder == identity.name
            || record.holder.map(identity.predecessors.contains) == true
        guard isOurs || observation.isFree(record, at: timing.now()) else { return record.holder }
        return try await take(record)
    }

    private func take(_ record: LeaseRecord) async throws(KubernetesError) -> String? {
        do throws(KubernetesError) {
            try await write(record)
            return nil
        } catch .conflict {
            let winner = try await client.get(.leases, namespace: namespace, name: Self.leaseName)
            return LeaseRecord(winner).holder ?? "somebody else"
        }
    }

    private func write(_ record: LeaseRecord) async throws(KubernetesError) {
        let next = record.held(by: identity.name, durationSeconds: limits.durationSeconds, at: wallClock())
        let object = next.object(name: Self.leaseName, namespace: namespace)
        hasWritten = true
        let answer = record.resourceVersion == nil
            ? try await client.create(object, as: .leases) : try await client.replace(object, as: .leases)
        // Who was given up meanwhile has no say any more; the version that it knows may be an old one.
        guard !Task.isCancelled else { throw .cancelled }
        own = LeaseRecord(answer)
    }

    // MARK: - Giving it back

    /// In a task of its own: ours is cancelled by now.
    private func release() async {
        guard hasWritten else { return }
        let outcome = await Task {
            await bounded(by: limits.maxRelease) { await self.giveBackOnce() }
        }.value
        guard case .failed(let error) = outcome else { return }
        log.warning("\(title) was not given back, so the next bot waits for it to run out: \(error.sentence)")
    }

    private func giveBackOnce() async -> Outcome {
        do throws(KubernetesError) {
            try await giveBack()
            return .done
        } catch {
            return .failed(error)
        }
    }

    private func giveBack() async throws(KubernetesError) {
        guard let found = try await client.find(.leases, namespace: namespace, name: Self.leaseName) else { return }
        let record = LeaseRecord(found)
        own = nil
        guard record.holder == identity.name else { return }
        _ = try await client.replace(
            record.released.object(name: Self.leaseName, namespace: namespace), as: .leases)
    }

    // MARK: -

    private func report(_ next: LeaseState) {
        let last = shared.withLock { state in
            defer { state = next }
            return state
        }
        guard last != next else { return }
        switch next {
        case .starting, .held: break
        case .heldBy(let other): log.warning("another bot, \(other), holds \(title); this one waits")
        case .unavailable(let sentence, _): log.warning("\(title) cannot be had: \(sentence)")
        }
    }

    private static func sentence(_ error: KubernetesError, _ title: String) -> String {
        guard case .notFound = error else { return error.sentence }
        return "There is no namespace for \(title); make it, or name another one in the kubeconfig's context."
    }

    /// Returns in time whatever `body` does: reading credentials may hang, and the Lease runs out meanwhile.
    // Not generic: the optimiser of Swift 6.3.1 crashes on a version for `String?`.
    private func bounded(
        by limit: Duration, _ body: @escaping @Sendable () async -> Outcome
    ) async -> Outcome {
        if let outcome = await timing.within(limit, { await body() }) { return outcome }
        return .failed(Task.isCancelled ? .cancelled : .unreachable("it did not answer in time"))
    }

    /// Of an attempt to take, renew or give back.
    private enum Outcome: Sendable {
        case done
        case heldBy(String)
        case failed(KubernetesError)
    }
}
