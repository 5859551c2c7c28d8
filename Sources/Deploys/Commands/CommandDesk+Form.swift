/// What comes of a form that asks where to deploy an app, and what.
package enum DeployFormAnswer: Sendable, Equatable {
    package enum Field: Sendable { case environment, revision }

    case answer(Answer)
    /// The sentence belongs to this field; nothing was done.
    case mistake(Field, String)
}

extension CommandDesk {
    /// The command `deploy`, field by field.
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
        guard let app = AppID(parsing: label, defaultOrganisation: intake.naming.defaultOrganisation) else {
            return await unknownApp(label, named, wanted, sender)
        }
        do throws(Refusal) { return .answer(try await deploy(app, named, wanted, sender, note: note)) } catch {
            return .answer(error.answer)
        }
    }

    /// Offered once, and no name any more: of an app without an organisation, say, when there was a default one.
    private func unknownApp(
        _ label: String, _ environment: EnvironmentName, _ revision: Revision, _ sender: Sender
    ) async -> DeployFormAnswer {
        let app = AppID(organisation: intake.naming.defaultOrganisation, name: label)
        do throws(Refusal) {
            return .answer(try await intake.recorded(
                Answer(.refused, FieldWords.unknownApp), of: Deed(.deploy, app, environment), sender, revision))
        } catch {
            return .answer(error.answer)
        }
    }
}
