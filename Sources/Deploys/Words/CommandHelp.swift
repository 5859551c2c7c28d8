import Foundation

/// The text of `/iterapp help`, for one person.
enum CommandHelp {
    static var usages: String {
        "These are the commands:\n" + Verb.allCases.map { "• `\($0.usage)`" }.joined(separator: "\n")
    }

    static func text(_ page: HelpPage, now: Date) -> String {
        let app = page.app
        if let topic = page.topic {
            return """
                `\(topic.usage)`
                \(topic.summary.capitalizedFirst). \(topic.explanation)
                For example: `\(topic.example(app: app))`
                """
        }
        let lines = Verb.allCases.map { "• `\($0.usage)`: \($0.summary)" }
        return """
            *Iterapp builds and deploys your apps.* A push to a registered repository is built by itself, and its \
            default branch is deployed.
            \(lines.joined(separator: "\n"))
            \(page.own.isEmpty ? "" : StatusWords.own(page.own, now: now) + "\n")\
            For example: `\(Verb.deploy.example(app: app))`
            """
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
