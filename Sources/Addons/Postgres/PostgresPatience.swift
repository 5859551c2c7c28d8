/// For how long a server that does not answer is asked, and how long one answer may take.
package struct PostgresPatience: Sendable {
    /// From the first try to the last; restarts take less.
    package var maxSilence = Duration.seconds(20)
    package var pause = Duration.seconds(1)
    /// Of the look that a deploy begins with.
    package var lookTimeLimit = Duration.seconds(10)
    /// Of making what is missing: large extensions take their time.
    package var makeTimeLimit = Duration.seconds(60)
    package var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    package var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    package init() {}
}
