/// What a sender reads whose command was taken.
enum DeskWords {
    static func registering(_ label: String) -> String { "Registering `\(label)`." }

    static func building(_ revision: Revision, _ label: String) -> String {
        "Building \(quoted(revision.text)) of `\(label)`."
    }

    static func deploying(_ revision: Revision, _ label: String, _ environment: EnvironmentName) -> String {
        "Deploying \(quoted(revision.text)) of `\(label)` to *\(environment)*."
    }

    static func followed(_ text: String, in channel: String) -> String { text + " Follow it in \(channel)." }

    static func registeredAlready(_ label: String, _ app: App) -> Answer {
        Answer(
            .information, "`\(label)` is registered already (its default branch is "
                + "`\(app.defaultBranch)`). Nothing changed.")
    }

    /// - Parameter data: a sentence about what stays of it; may be empty.
    static func deregistered(_ label: String, _ data: String) -> Answer {
        Answer(
            .accepted, "`\(label)` is deregistered. What runs stays up. " + (data.isEmpty ? "" : "\(data) ")
                + "`/iterapp register \(label)` brings the automation back.")
    }
}
