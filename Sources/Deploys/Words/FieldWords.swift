/// What stands beneath a field of a form that was filled in wrongly. Nothing is formatted there.
enum FieldWords {
    static let unknownApp = "I don't know that app any more, so nothing was done."
    static let environment = "Choose where to deploy: prod, test or snap0 to snap9."

    /// A failure's cause, and what to do next.
    static func sentence(_ failure: Failure) -> String {
        [failure.sentence, failure.advice].compactMap(\.self).joined(separator: " ")
    }

    static func revision(_ text: String) -> String {
        if text.isEmpty { return "Write a branch, a tag, a commit, or a release such as #12." }
        return text.hasPrefix("#")
            ? "\(quoted(text)) is no release. Releases are numbers, such as #12."
            : "\(quoted(text)) can't be the name of a branch, a tag or a commit."
    }
}
