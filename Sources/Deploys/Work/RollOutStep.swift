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
            return nil
        case .failure(let error):
            return try await ending(error, release, story)
        }
    }

    private func ending(_ error: RollOutError, _ release: Release, _ story: Story) async throws -> Ending {
        // Without the journal, what went wrong with the roll-out is told all the same.
        let current = (try? await ports.journal.currentRelease(of: release.app, in: release.environment)) ?? nil
        guard error.hasChangedSomething else { throw error.ending(release, serving: current) }
        let before: DesiredState?
        do throws(JournalError) {
            before = try await ports.journal.liveState(of: release.app, in: release.environment)
        } catch let reason {
            return failed(
                error, release, .nothing, " It was not put back, because the journal can't be read: \(reason).")
        }
        guard let before else { return failed(error, release, serving: current) }
        guard policy.putsBackFailed else {
            return failed(
                error, release, .leftInPlace,
                " It was left in place, as ITERAPP_PUT_BACK asks for; pods of release #\(before.release) that are left "
                    + "keep serving.")
        }
        return try await putBack(before, after: error, release, story)
    }

    private func putBack(
        _ before: DesiredState, after error: RollOutError, _ release: Release, _ story: Story
    ) async throws -> Ending {
        let number = before.release
        let result = try await story.following { report in
            report(.puttingBack(release: number, ready: 0, wanted: 0))
            return await attempt { () async throws(RollOutError) in
                try await ports.cluster.putBack(before.plan) {
                    report(.puttingBack(release: number, ready: $0.ready, wanted: $0.wanted))
                }
            }
        }
        switch result {
        case .success:
            return failed(error, release, .putBack, " Release #\(number) was put back and serves.")
        case .failure(.cancelled):
            throw CancellationError()
        case .failure(let second):
            // It stays what the environment shall be like: what differs from it is put right once that can be.
            return failed(
                error, release, .putBack,
                " Putting release #\(number) back did not work either: \(second.sentence)")
        }
    }

    private func failed(_ error: RollOutError, _ release: Release, serving: Int?) -> Ending {
        failed(error, release, .nothing, serving.map { " Release #\($0) keeps serving." } ?? "")
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

extension RollOutError {
    /// What a step throws: a failure that people are told, or the cancellation.
    /// - Parameter serving: the release that people reach now.
    func ending(_ release: Release, serving: Int?) -> any Error {
        if case .cancelled = self { return CancellationError() }
        return failure(of: release, serving.map { " Release #\($0) keeps serving." } ?? "")
    }

    /// - Parameter aftermath: what became of the environment, with a space before it.
    fileprivate func failure(of release: Release, _ aftermath: String) -> Failure {
        switch self {
        case .failed(let appling, _, let advice, let evidence):
            let subject = release.applings.count == 1 ? "" : "`\(appling)`: "
            return Failure(.rollOut, subject + sentence + aftermath, advice: advice, evidence: evidence)
        case .unreachable:
            return Failure(.rollOut, sentence, advice: "Deploy again once it does. What runs there keeps running.")
        case .unrecorded:
            return Failure(.service, sentence + aftermath)
        case .rejected, .refusedMidway, .cancelled:
            return Failure(.rollOut, sentence + aftermath)
        }
    }

    fileprivate var hasChangedSomething: Bool {
        switch self {
        case .failed, .refusedMidway: true
        case .rejected, .unreachable, .unrecorded, .cancelled: false
        }
    }

    /// What went wrong.
    var sentence: String {
        switch self {
        case .failed(_, let cause, _, _): cause
        case .rejected(let sentence): "The cluster refused the app's objects: \(sentence) Nothing was changed."
        case .refusedMidway(let sentence):
            "The cluster refused some of the app's objects, after it had taken others: \(sentence)"
        case .unreachable(let sentence): "The cluster does not answer: \(sentence)"
        case .unrecorded(let sentence): sentence
        case .cancelled: "It was cancelled."
        }
    }
}
