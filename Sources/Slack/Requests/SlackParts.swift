import Deploys
import Foundation
import HTTP

/// What Slack's routes work with.
package struct SlackParts: Sendable {
    let signature: SlackSignature
    let commands: CommandDesk
    let presses: PressDesk
    let info: InfoDesk
    let installation: InstallationKeeper
    var answers: Answers
    let after: AfterWork
    let seen: any SeenEvents
    let now: @Sendable () -> Date
    let log: Log
    package let tally: RequestTally

    /// The names of channels whose ids are known.
    package var nameOfChannel: @Sendable (_ id: String) -> String? = { _ in nil }
    /// Told what the workspace says about itself; what it does is done, or on disk, when it returns.
    package var tell: @Sendable (WorkspaceNews) async -> Void = { _ in }
    /// Shorter in tests of what is slow.
    var patience = Patience.ofSlack

    var places: Places { Places(nameOfChannel: nameOfChannel) }

    /// - Parameter signingSecret: of the app; whoever knows it is Slack.
    package init(
        signingSecret: String, commands: CommandDesk, presses: PressDesk, info: InfoDesk,
        installation: InstallationKeeper, api: SlackWebAPI, responses: ResponseURLs, seen: any SeenEvents,
        now: @escaping @Sendable () -> Date, log: Log
    ) {
        let tally = RequestTally()
        signature = SlackSignature(signingSecret: signingSecret)
        self.commands = commands
        self.presses = presses
        self.info = info
        self.installation = installation
        answers = Answers(api: api, responses: responses, tally: tally, log: log)
        after = AfterWork(log: log, tally: tally)
        self.seen = seen
        self.now = now
        self.log = log
        self.tally = tally
    }
}
