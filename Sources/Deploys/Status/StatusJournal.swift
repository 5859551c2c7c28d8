import Foundation

/// What the journal tells people about the state of things. All of it is found by index: it costs the same however long
/// the history is.
package protocol StatusJournal: Sendable {
    /// Registered apps, ordered by key.
    func apps() async throws(JournalError) -> [App]
    /// What is written down about the environments of these apps, in their order; those that are not registered are
    /// left out.
    func records(of apps: [AppID]) async throws(JournalError) -> [AppRecord]
    /// What people were told about certificates, and is not mended.
    func toldTroubles() async throws(JournalError) -> [ToldTrouble]
    /// Apps that this person's newest operations since a moment were about, each once, the newest first.
    func apps(
        touchedBy personID: String, since: Date, atMost maxCount: Int
    ) async throws(JournalError) -> [AppID]
    /// Whether somebody was met before.
    func hasMet(_ personID: String) async throws(JournalError) -> Bool
    /// Writes down that somebody was met.
    /// - Returns: whether this was the first time.
    func meet(_ personID: String, at now: Date) async throws(JournalError) -> Bool
}

/// What is written down about a registered app.
package struct AppRecord: Hashable, Sendable {
    package let app: App
    /// Those with a release, with an operation under way, or whose last operation failed; prod first, then test.
    package let environments: [EnvironmentRecord]

    package init(app: App, environments: [EnvironmentRecord]) {
        self.app = app
        self.environments = environments
    }
}

package struct EnvironmentRecord: Hashable, Sendable {
    package let environment: EnvironmentName
    /// Nil before the first one went live.
    package let release: LiveRelease?
    /// The number of the one that was live before.
    package let previousRelease: Int?
    /// What people were told last about the release's URLs.
    package let sites: [Site]
    /// The newest operation that has not ended and changes the environment.
    package let underWay: Operation?
    /// The newest one that has ended, when it failed after the release went live.
    package let failed: Operation?

    package init(
        environment: EnvironmentName, release: LiveRelease?, previousRelease: Int?, sites: [Site],
        underWay: Operation?, failed: Operation?
    ) {
        self.environment = environment
        self.release = release
        self.previousRelease = previousRelease
        self.sites = sites
        self.underWay = underWay
        self.failed = failed
    }
}
