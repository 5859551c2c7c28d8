/// Ends an operation that somebody wanted to stop, after its work has stopped: what it had changed is undone.
struct CancelStep: Sendable {
    let ports: Ports

    /// - Throws: when the service stops meanwhile; it goes on at the next start.
    func run(_ story: Story, by person: Person) async throws -> Ending {
        await story.note { $0.cancelledBy = person }
        let operation = await story.operation
        guard operation.releaseNumber != nil, let environment = operation.environment else {
            return Ending(.cancelled(by: person, aftermath: LifecycleWords.nothingChanged), isAnnounced: false)
        }
        let before: DesiredState?
        do throws(JournalError) {
            before = try await ports.journal.liveState(of: operation.app, in: environment)
        } catch {
            return Ending(.cancelled(by: person, aftermath: RollOutWords.notPutBack(error)), isAnnounced: true)
        }
        guard let before else {
            return Ending(
                .cancelled(by: person, aftermath: LifecycleWords.leftAsItWas), isAnnounced: false)
        }
        let undone = try await PutBackStep(ports: ports).run(before, story)
        return Ending(
            .cancelled(by: person, aftermath: undone.sentence), .putBack, isAnnounced: !undone.isInPlace)
    }
}
