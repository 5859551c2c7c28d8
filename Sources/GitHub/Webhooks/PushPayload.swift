import Deploys
import JSON

/// Reads GitHub's push payload (docs.github.com, "Webhook events and payloads", push). `head_commit` tells of the
/// newest commit; the list of all of them, up to 2,048, is not needed.
enum PushPayload {
    static func read(_ payload: JSON, delivery: String) throws(WebhookFieldError) -> WebhookOrder {
        let ref = try payload.text("ref")
        let repository = try payload.sourceRepository()
        guard ref.hasPrefix("refs/heads/") else { return .nothing("Only branches are built.") }
        if payload["deleted"] == true { return .nothing("The branch was deleted.") }
        // A deleted ref has 40 zeros behind it.
        if payload["after"]?.string.map(isNoCommit) == true { return .nothing("The branch was deleted.") }
        let id = try payload.commit("after")
        let branch = payload.at("repository", "default_branch")?.string
        return .push(
            Push(
                repository: repository, branch: String(ref.dropFirst("refs/heads/".count)),
                before: payload["before"]?.string.flatMap(CommitID.init), commit: commit(id, payload["head_commit"]),
                defaultBranch: branch.flatMap(Revision.init)?.text,
                trigger: .push(by: payload.name("pusher.name") ?? "somebody"), deliveryID: delivery))
    }

    private static func isNoCommit(_ digits: String) -> Bool {
        !digits.isEmpty && digits.utf8.allSatisfy { $0 == UInt8(ascii: "0") }
    }

    private static func commit(_ id: CommitID, _ head: JSON?) -> Commit {
        let message = head?["message"]?.string ?? ""
        let subject = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return Commit(
            id: id, subject: WebhookText.clipped(subject), author: head?.name("author.name") ?? "",
            url: WebhookText.link(head?["url"]?.string))
    }
}
