/// Lets one task at a time through for each key, in the order of arrival: two deploys of one commit build it once.
package actor Turnstile {
    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    /// A key is here while somebody is inside; behind it are those who wait.
    private var queues: [String: [Waiter]] = [:]
    private var lastNumber = 0

    package init() {}

    /// Runs `body` once the key is free. Throws when the task is cancelled first: a stop waits for nobody.
    package func pass<T: Sendable>(_ key: String, _ body: @Sendable () async throws -> T) async throws -> T {
        try await enter(key)
        defer { leave(key) }
        return try await body()
    }

    /// Returns once the key is free; `leave` must follow. Throws when the task is cancelled first.
    package func enter(_ key: String) async throws(CancellationError) {
        if Task.isCancelled { throw CancellationError() }
        guard queues[key] != nil else {
            queues[key] = []
            return
        }
        lastNumber += 1
        let number = lastNumber
        let entered = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queues[key, default: []].append(Waiter(number: number, continuation: continuation))
            }
        } onCancel: {
            // It reaches the actor only after the waiter was added, as adding happens without a pause.
            Task { await self.abandon(number, key) }
        }
        if !entered { throw CancellationError() }
    }

    package func leave(_ key: String) {
        guard var queue = queues[key], !queue.isEmpty else {
            queues[key] = nil
            return
        }
        let next = queue.removeFirst()
        queues[key] = queue
        next.continuation.resume(returning: true)
    }

    private func abandon(_ number: Int, _ key: String) {
        guard let index = queues[key]?.firstIndex(where: { $0.number == number }),
            let waiter = queues[key]?.remove(at: index)
        else { return }
        waiter.continuation.resume(returning: false)
    }
}
