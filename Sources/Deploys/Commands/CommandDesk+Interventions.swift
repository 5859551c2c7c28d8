import Foundation

extension CommandDesk {
    /// Of an app, so many operations that are under way are looked through.
    private static let maxUnfinished = 1_000

    /// What runs is stopped before what waits.
    func cancel(
        _ app: AppID, _ environment: EnvironmentName?, _ sender: Sender
    ) async throws(Refusal) -> Answer {
        let label = intake.naming.label(app)
        if let known = try await known(sender) {
            return PressWords.cancelledBefore(known, label, intake.channels.logChannel)
        }
        let wanted = try await unfinished(app).filter { operation in
            operation.canBeCancelled && operation.cancelledBy == nil
                && (environment == nil || operation.environment == environment)
        }
        guard let first = wanted.first(where: { $0.state == .running }) ?? wanted.first else {
            let answer = Answer(.refused, PressWords.nothingToCancel(label, environment))
            return try await intake.recorded(answer, of: Deed(.cancel, app, environment), sender)
        }
        let lanes = Set(wanted.map(\.lane))
        guard lanes.count == 1 else {
            let environments = Set(wanted.compactMap(\.environment))
            let answer = Answer(
                .refused, PressWords.whichToCancel(label, EnvironmentName.all.filter(environments.contains)))
            return try await intake.recorded(answer, of: Deed(.cancel, app, environment), sender)
        }
        let answer = try await Interventions(intake: intake).cancel(first, sender)
        guard answer.outcome == .accepted, wanted.count > 1 else { return answer }
        return Answer(answer.outcome, answer.text + PressWords.alsoWaiting(wanted.count - 1))
    }

    func approve(
        _ app: AppID, _ environment: EnvironmentName, _ sender: Sender
    ) async throws(Refusal) -> Answer {
        let label = intake.naming.label(app)
        if let known = try await known(sender) { return PressWords.approvedBefore(known, label) }
        let held = try await unfinished(app).filter { $0.isHeld && $0.environment == environment }
        guard let only = held.first else {
            let answer = Answer(.refused, PressWords.nothingToApprove(label, environment))
            return try await intake.recorded(answer, of: Deed(.approve, app, environment), sender)
        }
        guard held.count == 1 else {
            let answer = Answer(.refused, PressWords.whichToApprove(label, environment, held.count))
            return try await intake.recorded(answer, of: Deed(.approve, app, environment), sender)
        }
        return try await Interventions(intake: intake).decide(.approved, only, sender)
    }

    /// What the same command was about when it was delivered before: it is not about the next operation now.
    private func known(_ sender: Sender) async throws(Refusal) -> Operation? {
        guard let key = sender.deduplicationKey else { return nil }
        do throws(JournalError) { return try await intake.journal.operation(forKey: key) } catch {
            throw .journal(error)
        }
    }

    private func unfinished(_ app: AppID) async throws(Refusal) -> [Operation] {
        do throws(JournalError) {
            return try await intake.journal.unfinished(of: app, atMost: Self.maxUnfinished)
        } catch { throw .journal(error) }
    }
}
