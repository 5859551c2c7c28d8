import Deploys

enum CommitWords {
    /// Its first digits, linked, and its subject.
    static func line(_ commit: Commit) -> String {
        let digits = commit.url.map { Mrkdwn.link($0, commit.id.short) } ?? Mrkdwn.code(commit.id.short)
        let subject = Mrkdwn.words(commit.subject)
        return subject.isEmpty ? digits : "\(digits) \(subject)"
    }
}
