import Deploys
import JSON

/// As a window remembers it between being shown and being sent.
extension DeployWish {
    /// More of a commit's subject no message shows.
    private static let maxSubjectUnits = 500
    private static let maxAuthorUnits = 100

    var remembered: JSON {
        var json: JSON = [
            "label": .string(label), "environment": .string(environment.rawValue), "revision": .string(revision.text),
        ]
        guard let commit else { return json }
        json["commit"] = .string(commit.id.sha)
        json["subject"] = .string(Mrkdwn.cut(commit.subject, to: Self.maxSubjectUnits))
        json["author"] = .string(Mrkdwn.cut(commit.author, to: Self.maxAuthorUnits))
        json["url"] = commit.url.map(JSON.string)
        return json
    }

    /// With nothing but what is needed to do it.
    var withoutWords: DeployWish {
        DeployWish(
            label: label, environment: environment, revision: revision,
            commit: commit.map { Commit(id: $0.id, subject: "", author: "") })
    }

    /// Nil for what is not whole.
    init?(remembered json: JSON) {
        guard let label = json["label"]?.string, let revision = json["revision"]?.string.flatMap(Revision.init),
            let environment = json["environment"]?.string.flatMap(EnvironmentName.init(parsing:))
        else { return nil }
        var commit: Commit?
        if let sha = json["commit"]?.string {
            guard let id = CommitID(sha) else { return nil }
            commit = Commit(
                id: id, subject: json["subject"]?.string ?? "", author: json["author"]?.string ?? "",
                url: json["url"]?.string)
        }
        self.init(label: label, environment: environment, revision: revision, commit: commit)
    }
}
