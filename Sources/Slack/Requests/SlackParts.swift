import Deploys
import Foundation
import HTTP
import JSON

/// What Slack's routes work with.
package struct SlackParts: Sendable {
    let signature: SlackSignature
    let commands: CommandDesk
    let presses: PressDesk
    let forms: FormDesk
    let info: InfoDesk
    let installation: InstallationKeeper
    var answers: Answers
    let after: AfterWork
    let seen: any SeenEvents
    let places: Places
    /// Of values that no answer may tell.
    package var mask = SecretMask()
    let now: @Sendable () -> Date
    let log: Log
    package let tally: RequestTally

    /// Told what the workspace says about itself; what it does is done, or on disk, when it returns. When it throws,
    /// Slack is asked to tell again.
    package var tell: @Sendable (WorkspaceNews) async throws(JournalError) -> Void = { _ in }
    /// Shorter in tests of what is slow.
    var patience = WaitLimit.ofSlack

    /// - Parameter signingSecret: of the app; whoever knows it is Slack.
    package init(
        signingSecret: String, commands: CommandDesk, presses: PressDesk, forms: FormDesk, info: InfoDesk,
        installation: InstallationKeeper, api: SlackWebAPI, responses: ResponseURLs,
        memory: any SeenEvents & ChannelBook, now: @escaping @Sendable () -> Date, log: Log
    ) {
        let tally = RequestTally()
        signature = SlackSignature(signingSecret: signingSecret)
        self.commands = commands
        self.presses = presses
        self.forms = forms
        self.info = info
        self.installation = installation
        answers = Answers(api: api, responses: responses, tally: tally, log: log)
        after = AfterWork(log: log, tally: tally)
        self.seen = memory
        places = Places(book: memory, channels: commands.channels)
        self.now = now
        self.log = log
        self.tally = tally
    }
}

extension SlackParts {
    /// The message without values that nobody may be told.
    func masked(_ message: JSON) -> JSON { mask.knowsValues ? mask.withoutKnown(message) : message }

    /// The same for an answer.
    func masked(_ answer: HTTPResponse) -> HTTPResponse {
        guard mask.knowsValues, case .bytes(let bytes) = answer.body else { return answer }
        var masked = answer
        let message = try? JSON.parse(bytes)
        masked.body = .bytes(message.map { mask.withoutKnown($0).bytes } ?? mask.withoutKnown(bytes))
        return masked
    }
}

extension WaitLimit {
    /// Slack waits three seconds for an answer, the way there and back included.
    static let ofSlack = WaitLimit(.milliseconds(2_500))
}
