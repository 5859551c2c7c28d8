import Foundation
import HTTP

/// The request of a scheduled task, repeated when it fails.
package struct HTTPTask: Sendable {
    let method: String
    let url: TaskURL
    let headers: HTTPHeaders
    let limits: HTTPTaskLimits
    let clock: any Clock<Duration>
    private let client = HTTPClient()

    /// - Parameters:
    ///   - headers: secrets, as a rule: they are sent and never shown.
    init(
        _ method: String, _ url: TaskURL, headers: HTTPHeaders = [:], limits: HTTPTaskLimits = HTTPTaskLimits(),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.limits = limits
        self.clock = clock
    }

    /// Cancelling the task ends it at once.
    func run() async -> HTTPTaskOutcome {
        var attempts: [HTTPTaskOutcome.Attempt] = []
        let duration = await clock.time {
            while true {
                let attempt = await attempt()
                if Task.isCancelled { return }
                attempts.append(attempt)
                guard attempt.isFailure, attempts.count <= limits.maxRetries else { return }
                do { try await clock.sleep(for: limits.pause) } catch { return }
            }
        }
        return HTTPTaskOutcome(
            method: method, path: url.path, attempts: attempts, duration: duration, wasStopped: Task.isCancelled)
    }

    private func attempt() async -> HTTPTaskOutcome.Attempt {
        await withTaskGroup(of: HTTPTaskOutcome.Attempt.self) { group in
            group.addTask { await exchange() }
            group.addTask {
                try? await clock.sleep(for: limits.maxAnswer)
                return .unanswered(within: limits.maxAnswer)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .unanswered(within: limits.maxAnswer)
        }
    }

    /// An answer counts when all of it is there; what its body says is nobody's business here.
    private func exchange() async -> HTTPTaskOutcome.Attempt {
        let request = HTTPClientRequest(method, url.text, headers: headers, timeout: limits.maxAnswer)
        do {
            let answer = try await client.open(request)
            for try await _ in answer.chunks {}
            return .answered(status: answer.status)
        } catch HTTPClientError.timedOut {
            return .unanswered(within: limits.maxAnswer)
        } catch {
            return .broken((error as? HTTPClientError)?.description ?? "the exchange broke")
        }
    }
}

/// What bounds a scheduled task.
struct HTTPTaskLimits: Sendable {
    /// From connecting to the last byte of the answer.
    var maxAnswer = Duration.seconds(10)
    var maxRetries = 2
    /// Between a failure and the next attempt.
    var pause = Duration.seconds(10)
}

extension Clock where Duration == Swift.Duration {
    /// How long `work` takes.
    fileprivate func time(_ work: () async -> Void) async -> Duration {
        let start = now
        await work()
        return start.duration(to: now)
    }
}
