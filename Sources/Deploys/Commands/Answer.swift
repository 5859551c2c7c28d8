/// What the sender of a command reads, alone. The text knows `code` and *bold*.
package struct Answer: Sendable, Equatable {
    package enum Outcome: Sendable {
        case accepted, information, refused
        /// Nothing was written down; trying again helps.
        case unavailable
    }

    /// What is shown in a form of its own, beside the text that says the same.
    package enum Page: Sendable, Equatable {
        case help(HelpPage)
        case apps(AppList)
        case status(AppStatus)
        case audit(AuditPage)
    }

    package let outcome: Outcome
    package let text: String
    package let page: Page?
    /// For somebody's first steps; told once.
    package var hint: String?

    /// Whether the text names people, groups or channels by their ids, which are read as names only where text is
    /// formatted.
    package var mustBeFormatted: Bool { ["<@", "<!subteam^", "<#"].contains(where: text.contains) }

    package init(_ outcome: Outcome, _ text: String, page: Page? = nil) {
        self.outcome = outcome
        self.text = text
        self.page = page
    }
}
