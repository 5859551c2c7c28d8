/// How it stands with the Lease, for the pages that operators look at.
package enum LeaseState: Sendable, Equatable {
    /// Nothing was heard from the cluster yet.
    case starting
    case held
    /// Another bot works; this one waits.
    case heldBy(String)
    /// It cannot be had.
    /// - Parameter isPassing: whether that may well end by itself, as when the cluster restarts.
    case unavailable(String, isPassing: Bool)
}

/// How long a Lease lasts and when we look after it.
package struct LeaseLimits: Sendable, Equatable {
    /// Others wait so long for a sign of life.
    package var durationSeconds = 15
    package var renewInterval: Duration = .seconds(5)
    /// Work stops when the last renewal that succeeded was begun so long ago. What is left of the duration is the time
    /// that work has to let go before anybody else begins.
    package var maxUnrenewed: Duration = .seconds(10)
    /// An attempt that takes longer is given up, so that there is time for another one.
    package var maxAttempt: Duration = .seconds(3)
    /// Between attempts when one has failed.
    package var retryPause: Duration = .seconds(1)
    /// How often a Lease is looked at that another one holds.
    package var pollInterval: Duration = .seconds(2)
    /// A clean stop waits no longer for its release.
    package var maxRelease: Duration = .seconds(2)

    package init() {}
}
