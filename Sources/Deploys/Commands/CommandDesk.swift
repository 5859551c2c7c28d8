import AppFile
import Foundation

/// Takes commands: parses them, checks what can be checked at once, writes an operation down, answers.
/// The answer goes to the sender only; everything else is told in the log channel.
package struct CommandDesk: Sendable {
    let intake: Intake
    let info: InfoDesk
    private let keptData: KeptData
    private var journal: any Journal { intake.journal }
    private var naming: Naming { intake.naming }
    package var channels: ChannelPolicy { intake.channels }
    var parser: CommandParser { CommandParser(defaultOrganisation: naming.defaultOrganisation) }

    package init(_ intake: Intake, _ info: InfoDesk, keptData: KeptData = .none) {
        self.intake = intake
        self.info = info
        self.keptData = keptData
    }

    /// - Returns: only after what was asked for is on disk, or was refused.
    package func answer(_ text: String, from sender: Sender) async -> Answer {
        var answer = await plainAnswer(text, from: sender)
        answer.hint = await info.hint(for: sender.person)
        return answer
    }

    private func plainAnswer(_ text: String, from sender: Sender) async -> Answer {
        do throws(Refusal) {
            let command: Command
            do throws(CommandMistake) {
                command = try parser.parse(text)
            } catch {
                throw .mistake(error)
            }
            return try await answer(command, from: sender)
        } catch {
            return error.answer
        }
    }

    private func answer(_ command: Command, from sender: Sender) async throws(Refusal) -> Answer {
        if command.looksAtOperations {
            try intake.requireDisk()
            try await fromJournal(intake.unpack)
        }
        switch command {
        case .help(let topic): return await info.answer(help: topic, for: sender.person)
        case .apps: return await info.answerApps(for: sender.person)
        case .status(nil): return await info.answerStatus(for: sender.person)
        case .status(let app?):
            guard let answer = await info.answer(status: app) else { throw try await notRegistered(app) }
            return answer
        case .register(let app): return try await register(app, sender)
        case .deregister(let app): return try await deregister(app, sender)
        case .build(let app, let environment, let revision):
            return try await build(app, environment, revision, sender)
        case .deploy(let app, let environment, let revision):
            return try await deploy(app, environment, revision, sender)
        case .cancel(let app, let environment): return try await cancel(app, environment, sender)
        case .approve(let app, let environment): return try await approve(app, environment, sender)
        case .audit(let app): return try await audit(app)
        }
    }

    private func register(_ app: AppID, _ sender: Sender) async throws(Refusal) -> Answer {
        let deed = Deed(.register, app)
        let needsApproval = try await intake.admit(deed, sender)
        if let known = try await fromJournal({ () async throws(JournalError) in try await journal.app(app) }) {
            return try await intake.recorded(
                DeskWords.registeredAlready(naming.label(known.id), known), as: AuditWords.registeredAlready, of: deed,
                sender)
        }
        let others = try await fromJournal { () async throws(JournalError) in try await journal.apps() }
        if let sentence = naming.obstacle(to: app, besides: others.map(\.id)) {
            throw await intake.recorded(.notPossible(sentence, .register), of: deed, sender)
        }
        return try await accept(
            intake.request(deed, nil, sender, needsApproval: needsApproval), DeskWords.registering(naming.label(app)))
    }

    private func build(
        _ app: AppID, _ environment: EnvironmentName?, _ revision: Revision, _ sender: Sender
    ) async throws(Refusal) -> Answer {
        let needsApproval = try await intake.admit(Deed(.build, app), sender, revision)
        let known = try await registered(Deed(.build, app), revision, sender)
        let deed = Deed(.build, known.id, environment ?? known.defaultEnvironment ?? .test)
        return try await accept(
            intake.request(deed, revision, sender, needsApproval: needsApproval),
            DeskWords.building(revision, naming.label(known.id)))
    }

    /// - Parameter commit: the one that goes; nil for what the revision leads to when its turn comes.
    func deploy(
        _ app: AppID, _ environment: EnvironmentName, _ revision: Revision, _ sender: Sender, commit: Commit? = nil,
        note: String? = nil
    ) async throws(Refusal) -> Answer {
        let (known, needsApproval) = try await admitDeploy(app, environment, revision, sender)
        var request = intake.request(
            Deed(.deploy, known.id, environment), revision, sender, needsApproval: needsApproval)
        request.commit = commit
        request.note = note
        return try await accept(
            request,
            DeskWords.deploying(revision, naming.label(known.id), environment))
    }

    /// - Returns: also, whether a second person has to approve it.
    func admitDeploy(
        _ app: AppID, _ environment: EnvironmentName, _ revision: Revision, _ sender: Sender
    ) async throws(Refusal) -> (App, needsApproval: Bool) {
        let deed = Deed(.deploy, app, environment)
        let needsApproval = try await intake.admit(deed, sender, revision)
        return (try await registered(deed, revision, sender), needsApproval)
    }

    private func deregister(_ app: AppID, _ sender: Sender) async throws(Refusal) -> Answer {
        let deed = Deed(.deregister, app)
        let needsApproval = try await intake.admit(deed, sender)
        let known = try await fromJournal { () async throws(JournalError) in try await journal.app(app) }
        let request = intake.request(
            Deed(.deregister, known?.id ?? app), nil, sender, needsApproval: needsApproval)
        let label = naming.label(request.app)
        let time = intake.now()
        // Asked before: of an app that is not registered, nothing is live.
        let data = await keptData.found(of: request.app, in: journal)
        let lines = KeptDataWords.lines(data)
        // Asked also when it is not registered: the same command, sent twice, gets the same answer twice.
        let operation = try await fromJournal { () async throws(JournalError) in
            try await journal.deregister(request, at: time) { operation in
                let phase: Phase = operation.kind == .deregister ? .deregistered
                    : .cancelled(by: sender.person, aftermath: LifecycleWords.deregisteredWhileHeld(label))
                let staying = operation.kind == .deregister && !lines.isEmpty
                    ? [NoticeDraft.detail(title: KeptDataWords.title, lines: lines)] : []
                return [.live(Report(operation: operation, appLabel: label, phase: phase))] + staying
            }
        }
        guard operation != nil else { throw await intake.recorded(try await notRegistered(app), of: deed, sender) }
        intake.signals.notices.fire()
        return DeskWords.deregistered(label, KeptDataWords.staysBehind(data))
    }

    private func registered(
        _ deed: Deed, _ revision: Revision?, _ sender: Sender
    ) async throws(Refusal) -> App {
        if let known = try await fromJournal({ () async throws(JournalError) in try await journal.app(deed.app) }) {
            return known
        }
        throw await intake.recorded(try await notRegistered(deed.app), of: deed, sender, revision)
    }

    private func notRegistered(_ app: AppID) async throws(Refusal) -> Refusal {
        let labels = try await fromJournal { () async throws(JournalError) in try await journal.apps() }
            .map { naming.label($0.id) }
        return .notRegistered(naming.label(app), nearest: nearest(to: naming.label(app), in: labels))
    }

    private func audit(_ app: AppID) async throws(Refusal) -> Answer {
        let (entries, olderCount) = try await fromJournal { () async throws(JournalError) in
            try await journal.audit(of: app, atMost: AuditPage.maxEntries)
        }
        let page = AuditPage(label: naming.label(app), entries: entries, olderCount: olderCount)
        return Answer(.information, AuditWords.text(page), page: .audit(page))
    }

    private func accept(_ request: OperationRequest, _ text: String) async throws(Refusal) -> Answer {
        switch try await intake.accept(request) {
        case .accepted: Answer(.accepted, DeskWords.followed(text, in: intake.channels.logChannel))
        // A command is no button.
        case .duplicate, .notOffered, .known, .unsettled: Answer(.accepted, text)
        }
    }

    private func fromJournal<T: Sendable>(
        _ body: () async throws(JournalError) -> T
    ) async throws(Refusal) -> T {
        do throws(JournalError) { return try await body() } catch { throw .journal(error) }
    }
}
