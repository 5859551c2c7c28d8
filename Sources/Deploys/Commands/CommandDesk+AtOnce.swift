/// Commands whose answer needs nothing but the disk.
extension CommandDesk {
    /// Takes a deploy that its sender may make, without waiting for anything.
    ///
    /// - Parameter answered: called once when it is on disk, or could not be written, on a thread that must not be
    ///   blocked.
    /// - Returns: false when it is anything else, or has to be looked at more closely: then `answer` is to be asked,
    ///   and nothing was done.
    package func takeAtOnce(
        _ text: String, from sender: Sender, answered: @escaping @Sendable (Answer) -> Void
    ) -> Bool {
        // A first answer has a hint.
        guard intake.room.isThere, info.knows(sender.person), channels.allows(sender.place),
            sender.deduplicationKey != nil,
            case .deploy(let app, let environment, let revision) = try? parser.parse(text)
        else { return false }
        let deed = Deed(.deploy, app, environment)
        guard
            case .allowed(let needsApproval) = intake.gate.rulingAtOnce(on: deed, by: sender.person, from: sender.place)
        else { return false }
        let request = intake.request(deed, revision, sender, needsApproval: needsApproval)
        return intake.journal.receive(request, at: intake.now()) {
            [naming = intake.naming, channel = channels.logChannel] in
            switch $0 {
            case .success(let app):
                let text = DeskWords.deploying(revision, naming.label(app), environment)
                answered(Answer(.accepted, DeskWords.followed(text, in: channel)))
            case .failure(let error): answered(Refusal.journal(error).answer)
            }
        }
    }
}

extension Command {
    /// Whether its answer depends on what was asked for before.
    var looksAtOperations: Bool {
        switch self {
        case .status, .apps, .deregister, .cancel, .approve, .audit: true
        case .help, .register, .build, .deploy: false
        }
    }
}
