import AppFile
import Foundation

/// A commit with its settings and images.
struct BuiltCommit: Sendable {
    let file: AppFile
    let build: Build
}

/// From what somebody asked for to images: look up the commit, read its settings, build what is not built yet.
struct BuildStep: Sendable {
    let ports: Ports
    let limits: WorkLimits
    let turnstile: Turnstile

    func run(_ story: Story, evenIfBuilt: Bool) async throws -> BuiltCommit {
        let commit = try await commit(story)
        let app = await story.operation.app
        return try await turnstile.pass("\(app.key) \(commit.id)") {
            let checkout = try await checkOut(commit.id, story)
            defer { checkout.remove() }
            let operation = await story.operation
            let tree = DirectoryTree(root: checkout.directory)
            let (loaded, problems) = AppFile.load(from: tree, app: operation.app.key)
            await story.found(problems)
            guard let file = loaded else { throw SettingsWords.wrong(problems) }
            await story.warn(problems.map(\.description))
            if operation.kind == .deploy, let environment = operation.environment {
                // Nobody should wait for images that can't be run.
                try MissingConnection.refuse(.deploy(to: environment), of: file, ports.connections)
            }
            let obstacle = try SealedSettings(file, of: operation.app, in: tree, ports.connections.opener)
                .refuse(for: target(of: operation, file))
            if let build = try await finishedBuild(of: commit.id, story, evenIfBuilt: evenIfBuilt, file) {
                return BuiltCommit(file: file, build: build)
            }
            try MissingConnection.refuse(.build, of: file, ports.connections)
            if let obstacle { throw obstacle }
            let build = try await self.build(commit.id, file, checkout, story, evenIfUnchanged: evenIfBuilt)
            return BuiltCommit(file: file, build: build)
        }
    }

    /// Where the commit will run, as far as that is known before it is built; nil when it is only built.
    private func target(of operation: Operation, _ file: AppFile) -> EnvironmentName? {
        switch operation.kind {
        case .deploy: operation.environment
        case .push where operation.environment != nil: file.defaultEnvironment.flatMap(EnvironmentName.init(parsing:))
        default: nil
        }
    }

    private func commit(_ story: Story) async throws -> Commit {
        let operation = await story.operation
        try await story.tell(.preparing)
        if let commit = operation.commit { return commit }
        guard let revision = operation.revision else {
            throw ServiceWords.noBranch
        }
        let commit = try await look(for: revision, of: operation.app, label: story.label(operation.app))
        await story.note { $0.commit = commit }
        try await story.tell(.preparing)
        return commit
    }

    private func look(for revision: Revision, of app: AppID, label: String) async throws -> Commit {
        if let number = revision.releaseNumber {
            let commit = try await ports.journal.release(number, of: app)
            guard let commit else { throw SourceWords.noRelease(number, label) }
            return commit
        }
        do throws(SourceError) { return try await ports.source.resolve(revision, of: app) } catch {
            throw error.ending(.source, app: label, revision: revision)
        }
    }

    private func checkOut(_ commit: CommitID, _ story: Story) async throws -> Checkout {
        let operation = await story.operation
        let label = story.label(operation.app)
        do throws(SourceError) { return try await ports.source.checkOut(commit, of: operation.app) } catch {
            if case .noSuchRevision = error {
                // Not for want of the branch: it moved on before we looked.
                throw SourceWords.gone(commit, label)
            }
            throw error.ending(.source, app: label, revision: operation.revision)
        }
    }

    private func finishedBuild(
        of commit: CommitID, _ story: Story, evenIfBuilt: Bool, _ file: AppFile
    ) async throws -> Build? {
        let operation = await story.operation
        var build: Build?
        if let number = operation.buildNumber {
            // A build that this operation finished before a restart counts, even if it was asked to build anew.
            build = try await ports.journal.build(number, of: operation.app)
        }
        if build?.images == nil {
            if evenIfBuilt { return nil }
            build = try await ports.journal.finishedBuild(of: commit, app: operation.app)
        }
        guard let build, let images = build.images,
            Set(images.keys) == Set(file.applings.map { $0.name ?? "" })
        else { return nil }
        for image in images.values {
            switch await ports.builder.has(image) {
            case true?: continue
            case false?: return nil
            // What people have tried is what they deploy; whether the cluster can pull it shows when it does.
            case nil: ports.log.warning("whether \(image) is still there could not be found out; it is taken for it")
            }
        }
        await story.note { $0.buildNumber = build.number }
        return build
    }
}
