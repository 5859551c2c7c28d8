import Foundation

/// Puts right what differs between an environment and its release.
struct RepairStep: Sendable {
    let ports: Ports
    /// What was put right last in each environment, and when: what somebody keeps changing is told once.
    private let told = LockedValue<[String: (gist: [String], at: Date)]>([:])
    /// The same change after so long a calm is news again.
    static let calmSeconds: TimeInterval = 3_600

    init(ports: Ports) { self.ports = ports }

    func run(_ operation: Operation) async throws -> Ending {
        guard let environment = operation.environment,
            let state = try await ports.journal.desiredState(of: operation.app, in: environment)
        else { return .quiet }
        do throws(RollOutError) {
            let changes = try await ports.cluster.repair(state.plan)
            guard !changes.isEmpty else { return .quiet }
            ports.log.warning("\(operation.app.key) \(environment) was changed: \(changes.joined(separator: " "))")
            return isNews(changes, in: state) ? Ending(.repaired(changes), isAnnounced: false) : .quiet
        } catch {
            return try ending(error, state)
        }
    }

    private func ending(_ error: RollOutError, _ state: DesiredState) throws -> Ending {
        switch error {
        case .cancelled:
            throw CancellationError()
        case .unreachable:
            // It is seen again once the cluster answers.
            ports.log.warning("\(state.app.key) \(state.environment) can't be put right now: \(error.sentence)")
            return .quiet
        case .failed, .unmet, .rejected, .refusedMidway, .unrecorded:
            let failure = RollOutWords.notPutRight(error)
            ports.log.error("\(state.app.key) \(state.environment): \(failure.sentence)")
            guard isNews([failure.sentence], in: state) else { return .quiet }
            return Ending(.failed(failure), isAnnounced: false)
        }
    }

    private func isNews(_ sentences: [String], in state: DesiredState) -> Bool {
        let now = ports.now()
        // The same but for its numbers, such as the time, is the same.
        let gist = sentences.map { $0.filter { !$0.isNumber } }
        return told.with { told in
            let last = told.updateValue((gist, now), forKey: state.plan.namespace)
            return last?.gist != gist || now.timeIntervalSince(last?.at ?? now) > Self.calmSeconds
        }
    }
}
