/// Lets one holder at a time through per key, in order of arrival: two deploys of one commit build it once.
actor KeyedGate {
    private var waiters: [String: [CheckedContinuation<Void, Never>]] = [:]

    func withKey<T: Sendable, E: Error>(
        _ key: String, _ body: @Sendable () async throws(E) -> T
    ) async throws(E) -> T {
        await enter(key)
        let result: Result<T, E>
        do throws(E) { result = .success(try await body()) } catch { result = .failure(error) }
        leave(key)
        return try result.get()
    }

    private func enter(_ key: String) async {
        guard waiters[key] != nil else {
            waiters[key] = []
            return
        }
        await withCheckedContinuation { waiters[key]?.append($0) }
    }

    private func leave(_ key: String) {
        guard var queue = waiters[key], !queue.isEmpty else {
            waiters[key] = nil
            return
        }
        let next = queue.removeFirst()
        waiters[key] = queue
        next.resume()
    }
}
