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
        var registered = App(id: app, defaultBranch: branch, defaultEnvironment: .test)
        registered.repository = try await repository(app)
        return Ending(.registered(defaultBranch: branch), .registered(registered), isAnnounced: false)
    }

    /// Nil when it can't be found out now: whatever its source tells first says so.
    private func repository(_ app: AppID) async throws -> SourceRepository? {
        guard let repository = try? await ports.repositories?.repository(app) else { return nil }
        if let other = try await ports.journal.app(of: repository), other.id != app {
            throw Failure(.register, RepositoryWords.registered(as: naming.label(other.id)))
        }
        if repository.name != app {
            throw Failure(
                .register, RepositoryWords.called(naming.label(repository.name), not: naming.label(app)),
                advice: RepositoryWords.registerThat)
        }
        return repository
    }
}
