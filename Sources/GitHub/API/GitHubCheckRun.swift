import Deploys
import Foundation
import JSON

/// What a check run says (docs.github.com, "REST API endpoints for check runs"). Only an App may write any.
package struct GitHubCheckRun: Sendable, Equatable {
    package enum Conclusion: String, Sendable {
        case success, failure, neutral, cancelled, skipped
        case timedOut = "timed_out"
        case actionRequired = "action_required"
    }

    package enum State: Sendable, Equatable {
        case queued
        case inProgress
        case completed(Conclusion)
    }

    package struct Output: Sendable, Equatable {
        package var title: String
        /// Markdown.
        package var summary: String
        /// Markdown, below the summary.
        package var text: String?

        package init(title: String, summary: String, text: String? = nil) {
            self.title = title
            self.summary = summary
            self.text = text
        }
    }

    /// A button; pressing it is the webhook `check_run` with the action `requested_action`.
    package struct Action: Sendable, Equatable {
        package var label: String
        package var description: String
        package var identifier: String

        package init(label: String, description: String, identifier: String) {
            self.label = label
            self.description = description
            self.identifier = identifier
        }
    }

    package var name: String
    package var state: State
    /// Where people read more.
    package var detailsURL: String?
    /// Ours, to find the run by; comes back in webhooks.
    package var externalID: String?
    package var startedAt: Date?
    package var completedAt: Date?
    package var output: Output?
    package var actions: [Action] = []

    package init(name: String, state: State) {
        self.name = name
        self.state = state
    }

    /// Of the summary and of the text; GitHub counts characters, which are never more than bytes.
    package static let maxTextBytes = 65_535
    package static let maxTitleCharacters = 255
    package static let maxActions = 3
    package static let maxActionLabelCharacters = 20
    package static let maxActionIdentifierCharacters = 20
    package static let maxActionDescriptionCharacters = 40

    /// Without the commit. Texts that are too long are cut.
    var body: JSON {
        var body: JSON = ["name": .string(name)]
        switch state {
        case .queued: body["status"] = "queued"
        case .inProgress: body["status"] = "in_progress"
        case .completed(let conclusion):
            body["status"] = "completed"
            body["conclusion"] = .string(conclusion.rawValue)
        }
        body["details_url"] = detailsURL.map(JSON.string)
        body["external_id"] = externalID.map(JSON.string)
        body["started_at"] = startedAt.map { .string($0.formatted(.iso8601)) }
        body["completed_at"] = completedAt.map { .string($0.formatted(.iso8601)) }
        body["output"] = output.map(\.body)
        if !actions.isEmpty { body["actions"] = .array(actions.prefix(Self.maxActions).map(\.body)) }
        return body
    }
}

extension GitHubCheckRun.Output {
    var body: JSON {
        let maxBytes = GitHubCheckRun.maxTextBytes
        var body: JSON = [
            "title": .string(String(title.prefix(GitHubCheckRun.maxTitleCharacters))),
            "summary": .string(summary.cut(toBytes: maxBytes)),
        ]
        body["text"] = text.map { .string($0.cut(toBytes: maxBytes)) }
        return body
    }
}

extension GitHubCheckRun.Action {
    fileprivate var body: JSON {
        [
            "label": .string(String(label.prefix(GitHubCheckRun.maxActionLabelCharacters))),
            "description": .string(String(description.prefix(GitHubCheckRun.maxActionDescriptionCharacters))),
            "identifier": .string(String(identifier.prefix(GitHubCheckRun.maxActionIdentifierCharacters))),
        ]
    }
}

extension String {
    /// Whole characters, as many as fit.
    func cut(toBytes maxBytes: Int) -> String {
        guard utf8.count > maxBytes else { return self }
        let mark = "…"
        var end = utf8.index(startIndex, offsetBy: maxBytes - mark.utf8.count)
        // Back to where a character begins.
        while end.samePosition(in: self) == nil { end = utf8.index(before: end) }
        return self[..<end] + mark
    }
}
