import Deploys
import Foundation
import HTTP
import Slack
import Store

/// What Slack calls, and how Slack is called.
extension ServiceParts {
    static func api(_ settings: Settings, _ http: HTTPClient) -> SlackWebAPI {
        SlackWebAPI(client: http, baseURL: settings.slack.apiURL, token: settings.slack.botToken)
    }

    /// Knows what an earlier start learned.
    static func installation(
        _ settings: Settings, _ keepsakes: any Keepsakes, _ http: HTTPClient, _ log: Log
    ) async -> InstallationKeeper {
        let keeper = InstallationKeeper(
            api: api(settings, http), keepsakes: keepsakes, appID: settings.slack.appID, log: log)
        await keeper.recall()
        return keeper
    }

    static func slack(
        _ settings: Settings, _ commands: CommandDesk, _ presses: PressDesk, _ info: InfoDesk,
        _ installation: InstallationKeeper,
        _ journal: SQLiteJournal, _ groups: GroupDirectory?, _ http: HTTPClient,
        _ now: @escaping @Sendable () -> Date, _ log: Log
    ) -> SlackParts {
        var parts = SlackParts(
            signingSecret: settings.slack.signingSecret, commands: commands, presses: presses,
            info: info, installation: installation, api: api(settings, http),
            responses: ResponseURLs(client: http, apiURL: settings.slack.apiURL, now: now, log: log), seen: journal,
            now: now, log: log)
        parts.tell = { news in
            if case .groupChanged(let id) = news { await groups?.groupChanged(id) }
        }
        return parts
    }
}
