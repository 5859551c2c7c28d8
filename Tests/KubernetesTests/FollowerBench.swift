import Deploys
import HTTP
import JSON
import Synchronization
import XCTest

@testable import Kubernetes

/// One follower of some Deployments, over real HTTP, with the cluster in the test's hands.
final class FollowerBench: Sendable {
    let cluster: ScriptedCluster
    let clock = JumpingClock()
    let news = Signals<RollOutProgress>()
    private let api: StandInAPI
    private let client: KubernetesClient
    private let watches: ClusterWatches
    private let targets: [RollOutTarget]
    private let limits: RollOutLimits

    /// - Parameters:
    ///   - limits: with the default, time alone never makes anything happen.
    ///   - unanswered: requests whose path ends so are not answered.
    init(
        _ deployments: [FollowedDeployment], limits chosen: RollOutLimits? = nil, unanswered path: String? = nil,
        intercept: @escaping @Sendable (HTTPRequest) -> HTTPResponse? = { _ in nil }
    ) async throws {
        let cluster = ScriptedCluster(script: { _, _ in }, intercept: intercept)
        self.cluster = cluster
        api = try StandInAPI { request in
            if let path, request.path.hasSuffix(path) {
                try? await Task.sleep(for: .seconds(3600))
            }
            return await cluster.handle(request)
        }
        client = KubernetesClient(
            KubernetesConnection(server: api.url), http: HTTPClient(), timing: clock.timing)
        watches = ClusterWatches(client)
        targets = deployments.map(\.target)
        var limits = chosen ?? RollOutLimits()
        if chosen == nil {
            limits.lookAgainEvery = .seconds(3600)
            // Answers come over real sockets, which take longer on a busy machine than this clock's seconds.
            limits.maxEvidenceWait = .seconds(3600)
        }
        self.limits = limits
        for deployment in deployments { await put(deployment) }
    }

    /// Tells the watches of the pods, and then of the Deployment.
    func put(_ deployment: FollowedDeployment) async {
        for pod in deployment.pods { await put(pod: pod) }
        await cluster.put(
            deployment.object(), at: "/apis/apps/v1/namespaces/ns/deployments/\(deployment.name)")
    }

    func put(pod: JSON) async {
        await cluster.put(pod, at: "/api/v1/namespaces/ns/pods/\(Pods.name(pod))")
    }

    /// - Returns: how it ended; nil when all is well. What never ends is cancelled, so that it fails its test.
    func follow() async -> RollOutError? {
        let following = Task { await followToTheEnd() }
        let limit = Task {
            try await Task.sleep(for: Signals<Int>.maxWait)
            following.cancel()
        }
        defer { limit.cancel() }
        return await following.value
    }

    private func followToTheEnd() async -> RollOutError? {
        let changes = await watches.changes(in: "ns", withJobs: false)
        let follower = RollOutFollower(
            watches: watches, changes: changes, evidence: RollOutEvidence(client: client, limits: limits),
            limits: limits, timing: client.timing, targets: targets)
        var failure: RollOutError?
        do throws(RollOutError) {
            try await follower.follow { [news] in news.send($0) }
        } catch {
            failure = error
        }
        await watches.end(changes)
        return failure
    }

    func stop() async {
        await watches.stop()
        await cluster.dropWatches()
        await api.stop()
    }
}

/// What happened so far, and a way to wait for more.
final class Signals<Value: Sendable>: Sendable {
    private let state = Mutex((values: [Value](), waiting: [CheckedContinuation<Void, Never>]()))
    private let isOver = Mutex(false)

    var values: [Value] { state.withLock { $0.values } }

    func send(_ value: Value) {
        state.withLock { $0.values.append(value) }
        wake()
    }

    static var maxWait: Duration { .seconds(20) }

    /// Waits until the newest value is as wanted; what never is fails the test.
    func wait(_ isWanted: @escaping @Sendable (Value) -> Bool) async {
        let limit = Task { [self] in
            guard (try? await Task.sleep(for: Self.maxWait)) != nil else { return }
            XCTFail("what was waited for never came; the last was \(values.last.map { "\($0)" } ?? "nothing")")
            isOver.withLock { $0 = true }
            wake()
        }
        defer { limit.cancel() }
        while !isOver.withLock({ $0 }) {
            await withCheckedContinuation { continuation in
                let isMet = state.withLock { state in
                    if state.values.last.map(isWanted) ?? false { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isMet { continuation.resume() }
            }
            if state.withLock({ $0.values.last.map(isWanted) ?? false }) { return }
        }
    }

    private func wake() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Real time that a test can make jump; pauses are cut short, so that only jumps take long.
final class JumpingClock: Sendable {
    private let jumped = Mutex(Duration.zero)

    func jump(_ duration: Duration) { jumped.withLock { $0 += duration } }

    var timing: Timing {
        Timing(
            sleep: { try await Task.sleep(for: $0 > .seconds(60) ? $0 : min($0, .milliseconds(5))) },
            random: { 0.5 },
            now: { [self] in ContinuousClock.now + jumped.withLock { $0 } })
    }
}
