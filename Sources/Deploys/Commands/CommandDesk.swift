import AppFile
import Foundation

/// Takes commands: parses them, checks what can be checked at once, writes an operation down, answers.
/// The answer goes to the sender only; everything else is told in the log channel.
package struct CommandDesk: Sendable {
    let journal: any Journal
    let naming: Naming
    let channels: ChannelPolicy
    let signals: Signals
    let now: @Sendable () -> Date

    package init(
        journal: any Journal, naming: Naming, channels: ChannelPolicy, signals: Signals,
        now: @escaping @Sendable () -> Date
    ) {
        self.journal = journal
        self.naming = naming
        self.channels = channels
        self.signals = signals
        self.now = now
    }

    /// - Returns: only after what was asked for is on disk, or was refused.
    package func answer(_ text: String, from sender: Sender) async -> Answer {
        do throws(Refusal) {
            let command: Command
            do throws(CommandMistake) {
                command = try CommandParser(defaultOrganisation: naming.defaultOrganisation).parse(text)
            } catch {
                throw .mistake(error)
            }
            return try await answer(command, from: sender)
        } catch {
            return error.answer
        }
    }

    private func answer(_ command: Command, from sender: Sender) async throws(Refusal) -> Answer {
        if case .help(let topic) = command { return await help(topic, for: sender) }
        guard channels.allows(sender) else { throw .wrongChannel(channels.logChannel) }
        switch command {
        case .help: return Answer(.information, "")
        case .register(let app): return try await register(app, sender)
        case .deregister(let app): return try await deregister(app, sender)
        case .build(let app, let environment, let revision):
            let known = try await registered(app)
            let request = request(
                .build, known.id, environment ?? known.defaultEnvironment ?? .test, revision, sender)
            return try await accept(request, "Building \(quoted(revision.text)) of `\(naming.label(known.id))`.")
        case .deploy(let app, let environment, let revision):
            let known = try await registered(app)
            let request = request(.deploy, known.id, environment, revision, sender)
            let what = "Deploying \(quoted(revision.text)) of `\(naming.label(known.id))` to *\(environment)*."
            return try await accept(request, what)
        }
    }

    private func help(_ topic: Verb?, for sender: Sender) async -> Answer {
        let touched = try? await journal.lastApp(touchedBy: sender.person.id)
        return Answer(.information, CommandHelp.text(topic, app: touched.map { naming.label($0) } ?? "cats"))
    }

    private func register(_ app: AppID, _ sender: Sender) async throws(Refusal) -> Answer {
        if let known = try await fromJournal({ () async throws(JournalError) in try await journal.app(app) }) {
            return Answer(
                .information, "`\(naming.label(known.id))` is registered already (its default branch is "
                    + "`\(known.defaultBranch)`). Nothing changed.")
        }
        let others = try await fromJournal { () async throws(JournalError) in try await journal.apps() }
        if let sentence = naming.obstacle(to: app, besides: others.map(\.id)) {
            throw .notPossible(sentence, .register)
        }
        return try await accept(
            request(.register, app, nil, nil, sender), "Registering `\(naming.label(app))`.")
    }

    private func deregister(_ app: AppID, _ sender: Sender) async throws(Refusal) -> Answer {
        let known = try await fromJournal { () async throws(JournalError) in try await journal.app(app) }
        let request = request(.deregister, known?.id ?? app, nil, nil, sender)
        let label = naming.label(request.app)
        let time = now()
        // Asked also when it is not registered: the same command, sent twice, gets the same answer twice.
        let operation = try await fromJournal { () async throws(JournalError) in
            try await journal.deregister(request, at: time) { operation in
                [.live(Report(operation: operation, appLabel: label, phase: .deregistered))]
            }
        }
        guard operation != nil else { throw try await notRegistered(app) }
        signals.notices.fire()
        return Answer(
            .accepted, "`\(label)` is deregistered. What runs stays up. "
                + "`/iterapp register \(label)` brings the automation back.")
    }

    private func registered(_ app: AppID) async throws(Refusal) -> App {
        if let known = try await fromJournal({ () async throws(JournalError) in try await journal.app(app) }) {
            return known
        }
        throw try await notRegistered(app)
    }

    private func notRegistered(_ app: AppID) async throws(Refusal) -> Refusal {
        let labels = try await fromJournal { () async throws(JournalError) in try await journal.apps() }
            .map { naming.label($0.id) }
        return .notRegistered(naming.label(app), nearest: nearest(to: naming.label(app), in: labels))
    }

    private func accept(_ request: OperationRequest, _ text: String) async throws(Refusal) -> Answer {
        let time = now()
        let label = naming.label(request.app)
        let acceptance = try await fromJournal { () async throws(JournalError) in
            try await journal.accept(request, at: time) { operation, ahead in
                [.live(Report(operation: operation, appLabel: label, phase: .queued(ahead: ahead)))]
            } superseding: { _, _ in [] }
        }
        signals.work.fire()
        signals.notices.fire()
        switch acceptance {
        case .accepted: return Answer(.accepted, text + " Follow it in \(channels.logChannel).")
        case .duplicate: return Answer(.accepted, text)
        }
    }

    private func request(
        _ kind: Operation.Kind, _ app: AppID, _ environment: EnvironmentName?, _ revision: Revision?,
        _ sender: Sender
    ) -> OperationRequest {
        OperationRequest(
            kind: kind, app: app, environment: environment, revision: revision,
            trigger: sender.pressedButton ? .button(sender.person) : .command(sender.person),
            channel: channels.logChannel, deduplicationKey: sender.deduplicationKey)
    }

    private func fromJournal<T: Sendable>(
        _ body: () async throws(JournalError) -> T
    ) async throws(Refusal) -> T {
        do throws(JournalError) { return try await body() } catch { throw .journal(error) }
    }
}
