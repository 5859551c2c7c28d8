import Deploys

/// Runs `body`. When `alarm` has something to say first, `body` is cancelled, waited for, and the alarm's error thrown;
/// an alarm that ends with nil lets it go on.
func unless<T: Sendable>(
    _ alarm: @escaping @Sendable () async -> SourceError?,
    _ body: @escaping @Sendable () async throws(SourceError) -> T
) async throws(SourceError) -> T {
    let results = await withTaskGroup(of: Result<T, SourceError>?.self) { group in
        group.addTask {
            do throws(SourceError) { return .success(try await body()) } catch { return .failure(error) }
        }
        group.addTask { await alarm().map(Result.failure) }
        var results: [Result<T, SourceError>] = []
        for await case let result? in group {
            results.append(result)
            group.cancelAll()
        }
        return results
    }
    // The body always has a result, be it that it was cancelled.
    guard let first = results.first else { throw .cancelled }
    return try first.get()
}
