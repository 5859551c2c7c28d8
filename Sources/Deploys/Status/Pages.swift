/// The list that `/iterapp apps` shows.
package struct AppList: Hashable, Sendable {
    package let apps: [AppStatus]
    /// Those that the reader's teams own, or that the reader touched lately, come first; so many of them.
    package let ownCount: Int
    /// Registered apps that are not in the list.
    package let moreCount: Int
    package init(apps: [AppStatus], ownCount: Int, moreCount: Int = 0) {
        self.apps = apps
        self.ownCount = ownCount
        self.moreCount = moreCount
    }
}

/// What `/iterapp` alone and `/iterapp help [command]` tell one person.
package struct HelpPage: Hashable, Sendable {
    /// Nil for the overview.
    package let topic: Verb?
    /// Of the app that the reader touched last, for examples.
    package let app: String
    package let own: [AppStatus]
    package init(topic: Verb?, app: String, own: [AppStatus]) {
        self.topic = topic
        self.app = app
        self.own = own
    }
}

/// The bot's own tab, for one person.
package struct HomePage: Hashable, Sendable {
    package let own: [AppStatus]
    /// Registered apps that are not shown.
    package let otherCount: Int
    package let logChannel: String
    /// The reader has not used the bot before.
    package let isFirstVisit: Bool
    package init(own: [AppStatus], otherCount: Int, logChannel: String, isFirstVisit: Bool) {
        self.own = own
        self.otherCount = otherCount
        self.logChannel = logChannel
        self.isFirstVisit = isFirstVisit
    }
}

/// The newest lines of the record about an app, newest first.
package struct AuditPage: Hashable, Sendable {
    package static let maxEntries = 20

    package let label: String
    package let entries: [AuditEntry]
    /// Lines that are not shown.
    package let olderCount: Int
    package init(label: String, entries: [AuditEntry], olderCount: Int) {
        self.label = label
        self.entries = entries
        self.olderCount = olderCount
    }
}
