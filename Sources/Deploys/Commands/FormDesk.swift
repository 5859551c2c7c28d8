/// What comes of a form that asks where to deploy an app, and what.
package enum DeployFormAnswer: Sendable, Equatable {
    package enum Field: Sendable { case environment, revision }

    case answer(Answer)
    /// The sentence belongs to this field; nothing was done.
    case mistake(Field, String)
    /// Ask again, showing this; nothing was done. `deploy(confirmed:)` follows when the sender still wants it.
    case confirm(Preview)
}

/// Takes forms that ask for a deploy: as the command `deploy` does, and what goes to prod is shown before.
package struct FormDesk: Sendable {
    let commands: CommandDesk
    let previewer: Previewer

    /// - Parameter source: asked for the commits that a preview shows.
    package init(_ commands: CommandDesk, source: any SourceHost) {
        self.commands = commands
        previewer = Previewer(journal: commands.intake.journal, source: source, naming: commands.intake.naming)
    }

    /// The command `deploy`, field by field. Takes about two seconds at most.
    ///
    /// - Parameters:
    ///   - label: the app's: `cats`, or `org/cats`.
    ///   - environment: `prod`, `test`, `snap0` …
    ///   - revision: a branch, a tag, a commit or a release (`#12`).
    ///   - note: why, in the sender's words.
    package func deploy(
        _ label: String, environment: String, revision: String, note: String? = nil, from sender: Sender
    ) async -> DeployFormAnswer {
        guard let named = EnvironmentName(parsing: environment) else {
            return .mistake(.environment, FieldWords.environment)
        }
        guard let wanted = Revision(revision), !revision.hasPrefix("#") || wanted.releaseNumber != nil else {
            return .mistake(.revision, FieldWords.revision(revision))
        }
        do throws(Refusal) {
            guard let app = app(label) else { return .answer(try await unknown(label, named, wanted, sender)) }
            if named == .prod { return try await preview(app, named, wanted, sender) }
            return .answer(try await commands.deploy(app, named, wanted, sender, note: note))
        } catch {
            return .answer(error.answer)
        }
    }

    /// Does what was shown, to whoever still may and wants it.
    package func deploy(confirmed wish: DeployWish, note: String? = nil, from sender: Sender) async -> Answer {
        do throws(Refusal) {
            guard let app = app(wish.label) else {
                return try await unknown(wish.label, wish.environment, wish.revision, sender)
            }
            return try await commands.deploy(
                app, wish.environment, wish.revision, sender, commit: wish.commit, note: note)
        } catch {
            return error.answer
        }
    }

    private var intake: Intake { commands.intake }

    private func app(_ label: String) -> AppID? {
        AppID(parsing: label, defaultOrganisation: intake.naming.defaultOrganisation)
    }

    /// Offered once, and no name any more: of an app without an organisation, say, when there was a default one.
    private func unknown(
        _ label: String, _ environment: EnvironmentName, _ revision: Revision, _ sender: Sender
    ) async throws(Refusal) -> Answer {
        let app = AppID(organisation: intake.naming.defaultOrganisation, name: label)
        return try await intake.recorded(
            Answer(.refused, FieldWords.unknownApp), of: Deed(.deploy, app, environment), sender, revision)
    }

    private func preview(
        _ app: AppID, _ environment: EnvironmentName, _ revision: Revision, _ sender: Sender
    ) async throws(Refusal) -> DeployFormAnswer {
        // What is to change is for those who may deploy it.
        let (known, needsApproval) = try await commands.admitDeploy(app, environment, revision, sender)
        do throws(JournalError) {
            let target: Preview.Target
            switch try await previewer.lookUp(revision, of: known.id) {
            case .found(let commit): target = .commit(commit)
            case .none(let failure): return .mistake(.revision, FieldWords.sentence(failure))
            case .unknown: target = .revision(revision)
            }
            return .confirm(try await previewer.preview(
                .form(revision), of: known.id, in: environment, target, needsApproval: needsApproval))
        } catch { throw .journal(error) }
    }
}
