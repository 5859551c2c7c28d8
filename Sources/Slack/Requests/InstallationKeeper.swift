import Deploys
import JSON
import Synchronization

/// Knows which workspace the bot belongs to: asked of Slack at every start, and kept on disk, so that a start while
/// Slack is away knows it, too.
package final class InstallationKeeper: Sendable {
    private let api: SlackWebAPI
    private let keepsakes: any Keepsakes
    /// Ours, when the operator says which it is.
    private let appID: String?
    private let log: Log
    private let known = Mutex<Installation?>(nil)

    private static let keepsakeName = "slack-installation"
    static let firstPause = Duration.seconds(1)
    static let maxPause = Duration.seconds(300)

    package init(api: SlackWebAPI, keepsakes: any Keepsakes, appID: String?, log: Log) {
        self.api = api
        self.keepsakes = keepsakes
        self.appID = appID
        self.log = log
    }

    var installation: Installation? { known.withLock { $0 } }

    /// Takes up what an earlier start learned. Before requests are taken.
    package func recall() async {
        guard let text = try? await keepsakes.keepsake(Self.keepsakeName), let json = try? JSON.parse(text) else {
            return
        }
        let installation = Installation(json)
        known.withLock { $0 = installation }
    }

    /// Asks Slack until it answers.
    package func learn() async {
        var pause = Self.firstPause
        var lastComplaint = ""
        while !Task.isCancelled {
            do throws(SlackCallError) {
                return await take(try await api.call("auth.test"))
            } catch {
                let complaint = "\(error)"
                if complaint != lastComplaint {
                    log.warning("Slack does not say which workspace this is: \(complaint)")
                }
                lastComplaint = complaint
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.maxPause)
        }
    }

    private func take(_ answer: JSON) async {
        guard let installation = Installation(answer) else {
            return log.warning("Slack's answer to auth.test names no workspace")
        }
        let earlier = known.withLock { known in
            defer { known = installation }
            return known
        }
        if let earlier, earlier.teamID != installation.teamID {
            log.warning("the bot's token is now of the workspace \(installation.teamID), and was of \(earlier.teamID)")
        }
        guard earlier != installation else { return }
        do throws(JournalError) {
            try await keepsakes.keep(installation.json.text, as: Self.keepsakeName)
        } catch {
            log.warning("the workspace's id could not be kept: \(error)")
        }
    }

    /// Whether a request is of another app, or of another workspace than ours. As long as ours is not known, the
    /// signature, which holds, is all that can be asked for.
    func isForeign(_ origin: PayloadOrigin) -> Bool {
        if let appID, let named = origin.appID, named != appID { return true }
        guard let installation else { return false }
        return !installation.owns(origin)
    }
}
