/// What our forms ask and say.
enum FormWords {
    static let product = "Iterapp"
    static let close = "Close"
    static let notNow = "Not now"
    static let note = "Why?"
    static let noteHint = "Kept in the record, and shown in the message."

    // MARK: Deploying

    static let deploy = "Deploy"
    static let environment = "Where"
    static let chooseEnvironment = "Choose an environment"
    static let revision = "What"
    static let revisionHint = "A branch, a tag, a commit (7 to 40 digits), or a release that was live there (#12)."

    static func question(_ label: String) -> String { "*Deploy \(Mrkdwn.words(label))*" }
}
