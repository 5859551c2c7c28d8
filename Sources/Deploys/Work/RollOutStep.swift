/// Brings a release into the cluster, and the one before it back when that fails.
struct RollOutStep: Sendable {
    let ports: Ports
    let policy: WorkPolicy

    /// - Returns: nil when the release is in place; else how the deploy ends.
    /// - Throws: a `Failure` when the cluster was not changed, or can't be asked.
    func run(_ release: Release, _ plan: ClusterPlan, _ story: Story) async throws -> Ending? {
        let result = try await story.following { report in
            await attempt { () async throws(RollOutError) in
                try await ports.cluster.rollOut(plan) {
                    report(.rollingOut(ready: $0.ready, wanted: $0.wanted, holdUp: $0.holdUp))
                }
            }
        }
        switch result {
        case .success(let remarks):
            await story.warn(remarks)
            await story.warn(await keptData(besides: release))
            return nil
        case .failure(let error):
            return try await ending(error, release, story)
        }
    }

    /// What the release before it had, and nobody asks for any more.
    private func keptData(besides release: Release) async -> [String] {
        // Without the journal, nothing is said of it.
        let before = try? await ports.journal.liveState(of: release.app, in: release.environment)
        guard let plan = before?.plan else { return [] }
        return ports.keptData.whereabouts(plan, besides: release.addOns).map(KeptDataWords.takenOut)
    }

    private func ending(_ error: RollOutError, _ release: Release, _ story: Story) async throws -> Ending {
        // Without the journal, what went wrong with the roll-out is told all the same.
        let current = (try? await ports.journal.currentRelease(of: release.app, in: release.environment)) ?? nil
        guard error.hasChangedSomething else { throw error.ending(release, serving: current) }
        let before: DesiredState?
        do throws(JournalError) {
            before = try await ports.journal.liveState(of: release.app, in: release.environment)
        } catch let reason {
            return failed(error, release, .nothing, " " + RollOutWords.notPutBack(reason))
        }
        guard let before else { return failed(error, release, serving: current) }
        guard policy.putsBackFailed else {
            return failed(error, release, .leftInPlace, RollOutWords.leftInPlace(before.release))
        }
        let failure = error.failure(of: release, "")
        try await remember(failure, await story.operation)
        return try await putBack(before, after: failure, story)
    }

    /// So that after a crash it is put back, and not rolled out again.
    private func remember(_ failure: Failure, _ operation: Operation) async throws {
        let person: Person?
        do throws(JournalError) { person = try await ports.journal.recordSetback(failure, of: operation) } catch {
            ports.log.warning("operation \(operation.id) is put back without a note of it: \(error)")
            return
        }
        if person != nil { throw CancellationError() }
    }

    /// Goes on where a crash or a stop has interrupted it.
    func putBack(after failure: Failure, _ story: Story) async throws -> Ending {
        let operation = await story.operation
        guard let environment = operation.environment,
            let before = try await ports.journal.liveState(of: operation.app, in: environment)
        else { return Ending(.failed(failure), isAnnounced: true) }
        return try await putBack(before, after: failure, story)
    }

    private func putBack(_ before: DesiredState, after failure: Failure, _ story: Story) async throws -> Ending {
        // When it did not work, it stays what the environment shall be like: what differs from it is put right once
        // that can be.
        let outcome = try await PutBackStep(ports: ports).run(before, story)
        return Ending(.failed(failure.adding(outcome.sentence)), .putBack, isAnnounced: true)
    }

    private func failed(_ error: RollOutError, _ release: Release, serving: Int?) -> Ending {
        failed(error, release, .nothing, RollOutWords.serving(serving))
    }

    private func failed(
        _ error: RollOutError, _ release: Release, _ settlement: Settlement, _ aftermath: String
    ) -> Ending {
        Ending(.failed(error.failure(of: release, aftermath)), settlement, isAnnounced: true)
    }

    private func attempt(
        _ work: () async throws(RollOutError) -> [String]
    ) async -> Result<[String], RollOutError> {
        do throws(RollOutError) { return .success(try await work()) } catch { return .failure(error) }
    }
}

extension Failure {
    fileprivate func adding(_ sentence: String) -> Failure {
        Failure(stage, "\(self.sentence) \(sentence)", advice: advice, evidence: evidence)
    }
}

extension RollOutError {
    /// What a step throws: a failure that people are told, or the cancellation.
    /// - Parameter serving: the release that people reach now.
    func ending(_ release: Release, serving: Int?) -> any Error {
        if case .cancelled = self { return CancellationError() }
        return failure(of: release, RollOutWords.serving(serving))
    }

    fileprivate var hasChangedSomething: Bool {
        switch self {
        case .failed, .refusedMidway: true
        case .unmet, .rejected, .unreachable, .unrecorded, .cancelled: false
        }
    }
}
