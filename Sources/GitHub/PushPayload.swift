import Deploys
import JSON

/// Reads GitHub's push payload (docs.github.com, "Webhook events and payloads", push).
enum PushPayload {
    enum Reading {
        case push(Push)
        case nothingToDo(String)
        case malformed(field: String)
    }

    static func read(_ payload: JSON, delivery: String) -> Reading {
        guard let ref = payload["ref"]?.string else { return .malformed(field: "ref") }
        guard let name = payload.at("repository", "full_name")?.string,
            let app = AppID(parsing: name, defaultOrganisation: ""), !app.organisation.isEmpty
        else { return .malformed(field: "repository.full_name") }
        guard ref.hasPrefix("refs/heads/") else { return .nothingToDo("Only branches are built.") }
        if payload["deleted"] == true { return .nothingToDo("The branch was deleted.") }
        guard let after = payload["after"]?.string else { return .malformed(field: "after") }
        // A deleted ref has 40 zeros behind it.
        guard let id = CommitID(after) else {
            return after.allSatisfy { $0 == "0" } ? .nothingToDo("The branch was deleted.") : .malformed(field: "after")
        }
        return .push(
            Push(
                app: app, branch: String(ref.dropFirst("refs/heads/".count)), commit: commit(id, payload),
                defaultBranch: payload.at("repository", "default_branch")?.string.flatMap(Revision.init)?.text,
                by: clipped(payload.at("pusher", "name")?.string ?? "somebody"), deliveryID: delivery))
    }

    private static func commit(_ id: CommitID, _ payload: JSON) -> Commit {
        let head = payload["head_commit"]
        let message = head?["message"]?.string ?? ""
        let subject = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return Commit(
            id: id, subject: clipped(subject), author: clipped(head?.at("author", "name")?.string ?? ""),
            url: link(head?["url"]?.string))
    }

    static let maxTextScalars = 200

    /// In scalars: what people see as one character can be thousands of them.
    private static func clipped(_ text: String) -> String { String(text.unicodeScalars.prefix(maxTextScalars)) }

    /// Shown as a link: nothing but the web.
    private static func link(_ url: String?) -> String? {
        url.flatMap { url in
            let isLink = url.hasPrefix("https://") || url.hasPrefix("http://")
            return isLink && url.utf8.count <= maxLinkBytes ? url : nil
        }
    }

    static let maxLinkBytes = 1_000
}
