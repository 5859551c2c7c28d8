import Foundation
import HTTP
import JSON

/// docs.slack.dev, "The Events API", "Responding to events", "Retries".
extension SlackCaller {
    /// Tells the bot an event, and tells it again until it answers 2xx in time, says that it does not want to be told
    /// again, or Slack gives up.
    ///
    /// - Parameters:
    ///   - event: what stands in `event`, with its `type`.
    ///   - eventID: to tell the same event once more.
    @discardableResult
    package func tell(_ event: JSON, eventID: String? = nil, team: String = Workspace.teamID) async -> EventDelivery {
        let id = eventID ?? workspace.freshID("Ev")
        let body = JSON.object([
            "token": "unused", "team_id": .string(team), "api_app_id": .string(Workspace.appID), "event": event,
            "type": "event_callback", "event_id": .string(id), "event_time": .int(Int(now().timeIntervalSince1970)),
            "is_ext_shared_channel": false, "event_context": .string("4-\(id)"),
            "authorizations": [
                [
                    "enterprise_id": .null, "team_id": .string(team), "user_id": .string(Workspace.botID),
                    "is_bot": true, "is_enterprise_install": false,
                ]
            ],
        ]).bytes
        var delivery = EventDelivery(eventID: id, attempts: [])
        var headers: HTTPHeaders = [:]
        for delay in [Duration.zero] + retryDelays {
            guard (try? await Task.sleep(for: delay)) != nil else { break }
            let answer = await post("/slack/events", "application/json", body, headers: headers)
            delivery.attempts.append(answer)
            if answer.isSuccess || answer.refusesRetries { break }
            headers = [
                "X-Slack-Retry-Num": String(delivery.attempts.count), "X-Slack-Retry-Reason": answer.retryReason,
            ]
        }
        return delivery
    }
}
