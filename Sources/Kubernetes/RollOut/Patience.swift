import Deploys
import Synchronization

/// Asks again as long as the cluster does not answer, well beyond the client's own attempts: an API server that
/// is away for minutes ends no deploy.
final class Patience: Sendable {
    private let client: KubernetesClient
    private let maxSilence: Duration
    private let onHoldUp: @Sendable (_ sentence: String?) -> Void
    /// Requests that wait at the moment.
    private let waiting = Mutex(0)

    /// - Parameters:
    ///   - maxSilence: how long one request may go without an answer.
    ///   - onHoldUp: called with a sentence when the waiting begins, and with nil when it is over.
    init(
        _ client: KubernetesClient, maxSilence: Duration,
        onHoldUp: @escaping @Sendable (_ sentence: String?) -> Void = { _ in }
    ) {
        self.client = client
        self.maxSilence = maxSilence
        self.onHoldUp = onHoldUp
    }

    static let holdUp = "The cluster does not answer at the moment; going on as soon as it does."

    /// - Parameter body: a request that may be sent twice.
    func ask<Answer: Sendable>(
        _ body: () async throws(KubernetesError) -> Answer
    ) async throws(KubernetesError) -> Answer {
        var failures = 0
        let start = client.timing.now()
        defer { if failures > 0 { count(-1) } }
        while true {
            do throws(KubernetesError) {
                return try await body()
            } catch {
                guard error.mayPass, client.timing.now() - start < maxSilence else { throw error }
                failures += 1
                if failures == 1 { count(1) }
                let pause = client.retry.pause(afterFailures: failures, random: client.timing.random())
                do { try await client.timing.sleep(pause) } catch { throw .cancelled }
            }
        }
    }

    private func count(_ change: Int) {
        let (before, after) = waiting.withLock { waiting in
            let before = waiting
            waiting += change
            return (before, waiting)
        }
        if before == 0 { onHoldUp(Self.holdUp) }
        if after == 0 { onHoldUp(nil) }
    }
}

extension KubernetesError {
    /// An answer that was cut off, or that something between us and the server gave, may be whole the next time.
    package var mayPass: Bool {
        if case .malformed = self { return true }
        return isTransient
    }
}
