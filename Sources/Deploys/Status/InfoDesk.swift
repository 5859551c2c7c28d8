import Foundation

/// Answers questions that change nothing: what is registered, what runs where, and how the bot is used. It asks nobody
/// but the journal and what is known of the cluster anyway, so that the answer is there at once.
package struct InfoDesk: Sendable {
    let journal: any StatusJournal
    let health: any EnvironmentHealth
    let gate: any Gate
    let naming: Naming
    let logChannel: String
    let newcomers: Newcomers
    let now: @Sendable () -> Date

    /// What somebody did longer ago does not make an app theirs.
    static let lateSeconds: TimeInterval = 30 * 24 * 3_600
    static let maxTouchedApps = 10
    /// So many are shown to everybody: who has few apps has to choose nothing.
    static let maxAppsForAll = 5
    /// Further ones are counted: nobody reads on, and no message takes more.
    static let maxListedApps = 60
    /// In the overview that `help` gives.
    static let maxAppsInHelp = 5

    package init(
        journal: any StatusJournal, health: any EnvironmentHealth, gate: any Gate = OpenGate(), naming: Naming,
        logChannel: String, now: @escaping @Sendable () -> Date
    ) {
        self.journal = journal
        self.health = health
        self.gate = gate
        self.naming = naming
        self.logChannel = logChannel
        newcomers = Newcomers(journal: journal)
        self.now = now
    }

    /// Everything that is registered, the reader's own first.
    package func apps(for reader: Person) async throws(JournalError) -> AppList {
        let sorted = try await sorted(for: reader)
        return try await list((sorted.own + sorted.others).prefix(Self.maxListedApps), sorted)
    }

    /// The reader's own apps; all of them when there are few, or none is the reader's.
    package func ownApps(for reader: Person) async throws(JournalError) -> AppList {
        let sorted = try await sorted(for: reader)
        let own = ownOrFew(sorted)
        guard !own.isEmpty else { return try await list(sorted.others.prefix(Self.maxListedApps), sorted) }
        return try await list(own[...], sorted)
    }

    private func list(_ apps: ArraySlice<AppID>, _ sorted: Sorted) async throws(JournalError) -> AppList {
        AppList(
            apps: try await statuses(of: Array(apps)), ownCount: min(sorted.own.count, apps.count),
            moreCount: sorted.count - apps.count)
    }

    /// Nil when it is not registered.
    package func status(of app: AppID) async throws(JournalError) -> AppStatus? {
        try await statuses(of: [app]).first
    }

    /// Never fails: who asks for help gets it.
    package func help(_ topic: Verb?, for reader: Person) async -> HelpPage {
        let touched = try? await journal.apps(touchedBy: reader.id, since: .distantPast, atMost: 1).first
        let own = (try? await sorted(for: reader).own) ?? []
        let shown = topic == nil ? own.prefix(Self.maxAppsInHelp) : []
        return HelpPage(
            topic: topic, app: (touched ?? own.first).map { naming.label($0) } ?? "cats",
            own: (try? await statuses(of: Array(shown))) ?? [])
    }

    /// What the bot's own tab shows, each time it is opened. Whoever opens it was met by that.
    package func home(for reader: Person) async throws(JournalError) -> HomePage {
        let sorted = try await sorted(for: reader)
        let own = ownOrFew(sorted)
        return HomePage(
            own: try await statuses(of: own), otherCount: sorted.count - own.count, logChannel: logChannel,
            isFirstVisit: await newcomers.meet(reader, at: now()))
    }

    /// Whether somebody is certain to have had a first answer.
    func knows(_ reader: Person) -> Bool { newcomers.knows(reader) }

    /// One sentence for somebody who gets a first answer; nil for everybody else, and ever after.
    package func hint(for reader: Person) async -> String? {
        await newcomers.meet(reader, at: now()) ? StatusWords.hint(logChannel: logChannel) : nil
    }
}
