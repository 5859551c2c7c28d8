import Deploys
import Foundation
import JSON

/// What the page shows of an operation, as its script reads it: `state` (waiting, running, good, bad, quiet), `words`,
/// `detail`, `sites`, `facts` (`kind`, `text`, `url`), the `round` of the build and its logs, the names of the `logs`,
/// what to say when they are `empty`, and moments in seconds since 1970.
struct OperationView {
    let operation: Deploys.Operation
    let report: Report?
    /// Empty for an app without applings.
    let logs: [String]
    /// See `LogPosition`: another one means that what was read before counts for nothing.
    let round: String
    let mask: SecretMask

    /// All that changes.
    var json: JSON {
        let words = OperationWords(operation: operation, report: report)
        var json: JSON = [
            "state": .string(words.state.rawValue), "isFinished": .bool(operation.isFinished),
            "words": text(words.line), "facts": .array(facts(words)), "empty": .string(words.empty),
            "round": .string(round), "logs": .array(logs.map(JSON.string)),
            "createdAt": seconds(operation.createdAt),
        ]
        json["detail"] = words.detail.map(text)
        if !words.sites.isEmpty { json["sites"] = .array(words.sites.map(text)) }
        json["startedAt"] = operation.startedAt.map(seconds)
        json["finishedAt"] = operation.finishedAt.map(seconds)
        return json
    }

    private func facts(_ words: OperationWords) -> [JSON] {
        var facts: [JSON] = []
        if let revision = operation.revision { facts.append(fact("code", revision.text)) }
        if let commit = operation.commit {
            facts.append(fact("commit", commit.id.short, url: commit.url))
            if !commit.subject.isEmpty { facts.append(fact("subject", commit.subject)) }
        }
        if let build = operation.buildNumber { facts.append(fact("build", "build \(build)")) }
        if let release = operation.releaseNumber { facts.append(fact("release", "release #\(release)")) }
        facts.append(fact("who", words.who))
        facts.append(fact("when", operation.createdAt.formatted(.iso8601)))
        return facts
    }

    private func fact(_ kind: String, _ words: String, url: String? = nil) -> JSON {
        var fact: JSON = ["kind": .string(kind), "text": text(words)]
        fact["url"] = url.map(JSON.string)
        return fact
    }

    /// Others wrote it.
    private func text(_ words: String) -> JSON { .string(LogText.plain(mask.masked(words))) }

    private func seconds(_ date: Date) -> JSON { .double(date.timeIntervalSince1970) }
}
