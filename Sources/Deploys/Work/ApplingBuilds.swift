import AppFile
import Foundation

extension BuildStep {
    /// Builds every appling, some side by side; one that fails does not stop the others.
    func build(
        _ commit: CommitID, _ file: AppFile, _ checkout: Checkout, _ story: Story, evenIfUnchanged: Bool
    ) async throws -> Build {
        let operation = await story.operation
        let secrets = try file.applings.map { (appling) throws(Failure) in
            try SealedSettings.buildSecrets(appling, of: operation.app, ports.connections.opener)
        }
        var build = try await ports.journal.beginBuild(of: commit, for: operation, at: ports.now())
        let number = build.number
        await story.note { $0.buildNumber = number }
        let outcomes = try await story.following { report in
            let board = ProgressBoard(file.applings.map { $0.name ?? "" }, report: report)
            let step = ApplingStep(ports: ports, board: board, buildsAnyway: evenIfUnchanged)
            return await withTaskGroup(of: (String, ApplingStep.Outcome).self) { group in
                var outcomes: [String: ApplingStep.Outcome] = [:]
                for (index, appling) in file.applings.enumerated() {
                    if index >= limits.maxParallelApplingBuilds, let (name, outcome) = await group.next() {
                        outcomes[name] = outcome
                    }
                    let request = ImageRequest(
                        app: operation.app, appling: appling.name, commit: commit, buildNumber: number,
                        context: checkout.directory, dockerfile: appling.dockerfile, buildDate: ports.now(),
                        secrets: secrets[index])
                    group.addTask { (appling.name ?? "", await step.run(request)) }
                }
                for await (name, outcome) in group { outcomes[name] = outcome }
                return outcomes
            }
        }
        for log in longLogs(outcomes, build) { await story.attach(log) }
        build.images = try images(outcomes.mapValues(\.result), file)
        let finished = build
        try await ports.journal.finishBuild(finished, at: ports.now())
        return finished
    }

    /// Of one operation, so many whole logs go into its thread.
    private static let maxAttachedLogs = 4
    /// A shorter one has little more to tell than the last lines that people read anyway.
    private static let minAttachedLogLines = 40

    /// The logs of what failed that are worth a file.
    private func longLogs(_ outcomes: [String: ApplingStep.Outcome], _ build: Build) -> [NoticeDraft] {
        let long = outcomes.filter { $0.value.logLines >= Self.minAttachedLogLines }.map(\.key).sorted()
        return long.prefix(Self.maxAttachedLogs).map { name in
            let part = name.isEmpty ? "" : "-\(name)"
            return .file(
                title: name.isEmpty ? "The whole log" : "The whole log of \(name)",
                name: "\(build.app.name)\(part)-build-\(build.number).log",
                log: LogReference(app: build.app, build: build.number, appling: name.isEmpty ? nil : name))
        }
    }

    private func images(
        _ outcomes: [String: Result<ImageReference, BuildError>], _ file: AppFile
    ) throws -> [String: ImageReference] {
        var images: [String: ImageReference] = [:]
        var failures: [(name: String, error: BuildError)] = []
        for appling in file.applings {
            switch outcomes[appling.name ?? ""] {
            case .success(let image): images[appling.name ?? ""] = image
            case .failure(let error): failures.append((appling.name ?? "", error))
            case nil: failures.append((appling.name ?? "", .cancelled))
            }
        }
        guard let first = failures.first else { return images }
        if failures.contains(where: { $0.error == .cancelled }) { throw CancellationError() }
        throw first.error.failure(appling: first.name, others: failures.dropFirst().map(\.name))
    }
}
