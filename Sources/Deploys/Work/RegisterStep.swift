/// Verifies a repository with its source and takes it up.
struct RegisterStep: Sendable {
    let ports: Ports
    let naming: Naming

    func run(_ story: Story) async throws -> Ending {
        let app = await story.operation.app
        try await story.tell(.preparing)
        let branch: String
        do throws(SourceError) { branch = try await ports.source.defaultBranch(of: app) } catch {
            throw error.ending(.register, app: naming.label(app), revision: nil)
        }
        // Another registration may have been first since this one was accepted; none runs beside this one.
        if let known = try await ports.journal.app(app) {
            return Ending(.registered(defaultBranch: known.defaultBranch), isAnnounced: false)
        }
        let others = try await ports.journal.apps()
        if let sentence = naming.obstacle(to: app, besides: others.map(\.id)) {
            throw Failure(.register, sentence)
        }
        let registered = App(id: app, defaultBranch: branch, defaultEnvironment: .test)
        return Ending(.registered(defaultBranch: branch), .registered(registered), isAnnounced: false)
    }
}
