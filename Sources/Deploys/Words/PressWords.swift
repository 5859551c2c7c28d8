/// What people read who stop, approve or repeat something.
enum PressWords {
    static let unknown = "Iterapp does not know that operation any more."
    static let cannotBeCancelled = "A repair can't be cancelled: it only puts right what somebody changed."
    static let noLongerOffered = "That makes no sense any more: something else has happened since."

    // MARK: Cancelling

    static func answer(_ cancellation: Cancellation, _ label: String, _ channel: String) -> Answer {
        switch cancellation {
        case .ended(let operation):
            Answer(.accepted, "\(subject(operation, label)) is cancelled. \(LifecycleWords.nothingChanged)")
        case .stopping(let operation):
            Answer(
                .accepted, "Stopping \(name(operation, label)). What it has changed is undone; follow it in "
                    + "\(channel).")
        case .undoing(let operation):
            Answer(
                .refused, "\(subject(operation, label)) has failed, and the release before it is being put back "
                    + "already.")
        case .stoppingAlready(let operation, let person):
            Answer(.information, "\(mention(person)) is stopping \(name(operation, label)) already.")
        case .tooLate(let operation):
            Answer(.refused, "It is too late: \(name(operation, label)) \(end(operation)).")
        }
    }

    /// The same command has come twice.
    static func cancelledBefore(_ operation: Operation, _ label: String, _ channel: String) -> Answer {
        guard operation.isFinished else { return answer(.stopping(operation), label, channel) }
        return Answer(.accepted, "\(subject(operation, label)) \(end(operation)).")
    }

    static func nothingToCancel(_ label: String, _ environment: EnvironmentName?) -> String {
        let place = environment.map { " in *\($0)*" } ?? ""
        return "Nothing of `\(label)`\(place) is under way, so there is nothing to cancel."
    }

    /// - Parameter environments: where something is under way.
    static func whichToCancel(_ label: String, _ environments: [EnvironmentName]) -> String {
        let commands = environments.map { "`/iterapp cancel \(label) \($0)`" }.joined(separator: ", ")
        return "Several operations of `\(label)` are under way. Press *Cancel* on the message of the one that you mean"
            + (commands.isEmpty ? "." : ", or say where: \(commands).")
    }

    static func alsoWaiting(_ count: Int) -> String {
        count == 1 ? " One more waits behind it." : " \(count) more wait behind it."
    }

    // MARK: Approving

    static func decided(
        _ verdict: Verdict, _ operation: Operation, _ label: String, over newer: LiveRelease?
    ) -> Answer {
        switch verdict {
        case .declined:
            return Answer(.accepted, "\(subject(operation, label)) is declined. \(LifecycleWords.nothingChanged)")
        case .approved:
            let warning = newer.map { " " + replaces($0, operation) } ?? ""
            return Answer(.accepted, "\(subject(operation, label)) is approved and goes on.\(warning)")
        }
    }

    /// The same command has come twice.
    static func approvedBefore(_ operation: Operation, _ label: String) -> Answer {
        Answer(.accepted, "\(subject(operation, label)) was approved: it \(progress(operation)).")
    }

    static func replaces(_ newer: LiveRelease, _ operation: Operation) -> String {
        let commit = operation.commit.map { "`\($0.id.short)`" } ?? "it"
        return "Release #\(newer.number) (`\(newer.commit.id.short)`) went live after this was asked for; "
            + "\(commit) takes its place."
    }

    static func notHeld(_ operation: Operation) -> Answer {
        if let person = operation.approval?.by {
            return Answer(.information, "\(mention(person)) has approved it already.")
        }
        if operation.isFinished { return Answer(.refused, "It \(end(operation)), so there is nothing to approve.") }
        if operation.approval != nil {
            return Answer(.refused, "It is not built yet. Approve it once it waits for that.")
        }
        return Answer(.refused, "It does not need anybody's approval.")
    }

    static let ownRequest = "You asked for it yourself, so somebody else has to approve it."

    static func nothingToApprove(_ label: String, _ environment: EnvironmentName) -> String {
        "Nothing of `\(label)` waits for an approval in *\(environment)*."
    }

    static func whichToApprove(_ label: String, _ environment: EnvironmentName, _ count: Int) -> String {
        "\(count) deploys of `\(label)` to *\(environment)* wait for an approval. Press *Approve* on the message of "
            + "the one that you mean."
    }

    // MARK: Again

    static func accepted(
        _ step: NextStep, _ request: OperationRequest, _ label: String, _ channel: String
    ) -> Answer {
        let place = request.environment.map { " to *\($0)*" } ?? ""
        let what = switch (step, request.kind) {
        case (.rollBack(let number), _):
            "Rolling `\(label)` back to release #\(number)" + place.replacing(" to ", with: " in ")
        case (_, .register): "Registering `\(label)`"
        case (_, .build): "Building `\(label)` again"
        case (.retry, _): "Deploying `\(label)`\(place) again"
        default: "Deploying `\(label)`\(place)"
        }
        let hold = request.needsApproval ? " Somebody else has to approve it once it is built." : ""
        return Answer(.accepted, "\(what).\(hold) Follow it in \(channel).")
    }

    /// - Parameter reader: nil for anybody.
    static func done(_ operation: Operation, by reader: Person?) -> Answer {
        guard let person = operation.trigger.person else { return Answer(.information, noLongerOffered) }
        let who = person.id == reader?.id ? "You" : mention(person)
        return Answer(.information, "\(who) did that already: it \(progress(operation)).")
    }

    static func noLongerOffered(_ report: Report?) -> Answer {
        for case .replaced(let number) in report?.sequels ?? [] {
            return replaced(by: number)
        }
        return Answer(.refused, noLongerOffered)
    }

    static func replaced(by number: Int) -> Answer {
        Answer(.refused, "Release #\(number) is live there since, so that makes no sense any more.")
    }

    // MARK: Parts

    static func mention(_ person: Person) -> String { "<@\(person.id)>" }

    private static func subject(_ operation: Operation, _ label: String) -> String {
        name(operation, label).capitalizedFirst
    }

    private static func name(_ operation: Operation, _ label: String) -> String {
        switch operation.kind {
        case .register, .deregister: "the registration of `\(label)`"
        case .repository: "the news about `\(label)`"
        case .build: "the build of `\(label)`"
        case .deploy, .push, .repair:
            operation.environment.map { "the deploy of `\(label)` to *\($0)*" } ?? "the build of `\(label)`"
        }
    }

    private static func progress(_ operation: Operation) -> String {
        switch operation.state {
        case .queued: operation.isHeld ? "waits for an approval" : "waits for its turn"
        case .running: "is under way"
        case .succeeded, .failed, .superseded, .cancelled: end(operation)
        }
    }

    private static func end(_ operation: Operation) -> String {
        switch operation.state {
        case .queued, .running: "is under way"
        case .succeeded: operation.releaseNumber.map { "has gone live as release #\($0)" } ?? "is done"
        case .failed: "has failed"
        case .superseded: "gave way to a newer push"
        case .cancelled: "was stopped already"
        }
    }
}
