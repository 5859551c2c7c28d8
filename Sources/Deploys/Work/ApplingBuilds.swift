import AppFile
import Foundation

extension BuildStep {
    /// Builds every appling, some side by side; one that fails does not stop the others.
    func build(
        _ commit: CommitID, _ file: AppFile, _ checkout: Checkout, _ story: Story
    ) async throws -> Build {
        let operation = await story.operation
        var build = try await ports.journal.beginBuild(of: commit, for: operation, at: ports.now())
        let number = build.number
        await story.note { $0.buildNumber = number }
        let outcomes = try await story.following { report in
            let board = ProgressBoard(file.applings.map { $0.name ?? "" }, report: report)
            return await withTaskGroup(of: (String, ApplingOutcome).self) { group in
                var outcomes: [String: ApplingOutcome] = [:]
                for (index, appling) in file.applings.enumerated() {
                    if index >= limits.maxParallelApplingBuilds, let (name, outcome) = await group.next() {
                        outcomes[name] = outcome
                    }
                    let request = ImageRequest(
                        app: operation.app, appling: appling.name, commit: commit, buildNumber: number,
                        context: checkout.directory, dockerfile: appling.dockerfile, buildDate: ports.now())
                    group.addTask { (appling.name ?? "", await buildOne(request, board)) }
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

    private func buildOne(_ request: ImageRequest, _ board: ProgressBoard) async -> ApplingOutcome {
        let name = request.appling ?? ""
        board.set(name, .building)
        let log = openLog(request)
        let lines = LockedValue(0)
        defer { log?.close() }
        do throws(BuildError) {
            let image = try await ports.builder.build(request) { line in
                log?.write(line)
                lines.with { $0 += 1 }
            } onSteps: {
                board.set(name, $0)
            }
            board.set(name, .done)
            return ApplingOutcome(result: .success(image), logLines: 0)
        } catch {
            board.set(name, .failed)
            let isKept = log != nil && error != .cancelled
            return ApplingOutcome(result: .failure(error), logLines: isKept ? lines.with { $0 } : 0)
        }
    }

    /// Of one operation, so many whole logs go into its thread.
    private static let maxAttachedLogs = 4
    /// A shorter one has little more to tell than the last lines that people read anyway.
    private static let minAttachedLogLines = 40

    /// The logs of what failed that are worth a file.
    private func longLogs(_ outcomes: [String: ApplingOutcome], _ build: Build) -> [NoticeDraft] {
        let long = outcomes.filter { $0.value.logLines >= Self.minAttachedLogLines }.map(\.key).sorted()
        return long.prefix(Self.maxAttachedLogs).map { name in
            let part = name.isEmpty ? "" : "-\(name)"
            return .file(
                title: name.isEmpty ? "The whole log" : "The whole log of \(name)",
                name: "\(build.app.name)\(part)-build-\(build.number).log",
                log: LogReference(app: build.app, build: build.number, appling: name.isEmpty ? nil : name))
        }
    }

    /// Nil when it can't be written: no build fails for its log.
    private func openLog(_ request: ImageRequest) -> (any BuildLogWriter)? {
        do {
            return try ports.buildLogs.open(
                app: request.app, build: request.buildNumber, appling: request.appling)
        } catch {
            ports.log.warning("build \(request.buildNumber) of \(request.app.key) goes on without a log: \(error)")
            return nil
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

/// What came of the build of one appling.
private struct ApplingOutcome: Sendable {
    let result: Result<ImageReference, BuildError>
    /// Of the log of one that failed; 0 when there is no log.
    let logLines: Int
}

/// The state of each appling's build, shown whenever one changes.
private final class ProgressBoard: Sendable {
    private let builds: LockedValue<[ApplingBuild]>
    private let report: @Sendable (Phase) -> Void

    init(_ names: [String], report: @escaping @Sendable (Phase) -> Void) {
        builds = LockedValue(names.map { ApplingBuild(name: $0, state: .waiting) })
        self.report = report
    }

    func set(_ name: String, _ state: ApplingBuild.State) {
        change(name) { build in
            build.state = state
            // How far it came says nothing any more.
            if state != .building { build.steps = nil }
        }
    }

    func set(_ name: String, _ steps: StepCount) { change(name) { $0.steps = steps } }

    /// Reports under the lock, so that an older state never comes after a newer one.
    private func change(_ name: String, _ change: (inout ApplingBuild) -> Void) {
        builds.with { builds in
            for index in builds.indices where builds[index].name == name { change(&builds[index]) }
            report(.building(builds))
        }
    }
}
