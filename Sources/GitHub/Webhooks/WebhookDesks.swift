import Deploys

/// Where what GitHub tells is taken.
package struct WebhookDesks: Sendable {
    let pushes: PushDesk
    let repositories: RepositoryDesk
    let reruns: RerunDesk

    package init(pushes: PushDesk, repositories: RepositoryDesk, reruns: RerunDesk) {
        self.pushes = pushes
        self.repositories = repositories
        self.reruns = reruns
    }

    /// - Returns: a sentence for whoever looks at the delivery on GitHub, when all is on disk.
    func take(_ order: WebhookOrder, delivery: String) async throws(JournalError) -> String {
        switch order {
        case .nothing(let reason): return reason
        case .push(let push):
            let decision = try await pushes.take(push)
            // One that is delivered again tells how things were.
            if case .accepted(let id) = decision {
                try await repositories.heard(from: push.repository, by: id, deliveryID: delivery)
            }
            return Self.sentence(decision)
        case .rerun(let rerun): return Self.sentence(try await reruns.take(rerun))
        case .branchDeleted(let branch, let repository):
            let ended = try await repositories.deleted(branch: branch, of: repository, deliveryID: delivery)
            return ended == 0 ? "The branch is forgotten." : "The branch is forgotten; \(ended) of its pushes ended."
        case .news(let news):
            let told = try await repositories.take(news, deliveryID: delivery)
            return told.isEmpty ? "That changes nothing here." : "It is noted for \(told.count) apps."
        }
    }

    private static func sentence(_ decision: PushDesk.Decision) -> String {
        switch decision {
        case .accepted(let id): "Accepted as operation \(id)."
        case .duplicate: "This was accepted before."
        case .ignored:
            "The repository is not registered, or the branch or commit is none that can be built here."
        }
    }
}
