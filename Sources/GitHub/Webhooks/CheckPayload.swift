import Deploys
import JSON

/// Reads GitHub's check_run and check_suite payloads (docs.github.com, "Webhook events and payloads"): somebody pressed
/// *Re-run*, or a button that we put there. GitHub sends these actions to the app that made the check alone.
enum CheckPayload {
    /// Of the button "Build again" (docs.github.com, "REST API endpoints for check runs", actions).
    static let buildAction = "build"

    static func readRun(_ payload: JSON, delivery: String) throws(WebhookFieldError) -> WebhookOrder {
        switch try payload.text("action") {
        case "rerequested": break
        case "requested_action":
            guard try payload.text("requested_action.identifier") == buildAction else {
                return .nothing("Nobody knows that action here.")
            }
        default: return .nothing("Only what somebody wants again is done.")
        }
        // Checks of ours carry the number of their operation.
        guard let number = payload.at("check_run", "external_id")?.string.flatMap(Int64.init), number > 0 else {
            return .nothing("The check is none of ours.")
        }
        return try rerun(
            payload, "check_run.head_sha", branch: payload.at("check_run", "check_suite", "head_branch")?.string,
            OperationID(number), delivery)
    }

    static func readSuite(_ payload: JSON, delivery: String) throws(WebhookFieldError) -> WebhookOrder {
        guard try payload.text("action") == "rerequested" else {
            return .nothing("Only what somebody wants again is done.")
        }
        return try rerun(
            payload, "check_suite.head_sha", branch: payload.at("check_suite", "head_branch")?.string, nil, delivery)
    }

    private static func rerun(
        _ payload: JSON, _ commitPath: String, branch: String?, _ operation: OperationID?, _ delivery: String
    ) throws(WebhookFieldError) -> WebhookOrder {
        .rerun(
            Rerun(
                repository: try payload.sourceRepository(), commit: try payload.commit(commitPath),
                branch: branch, operation: operation, by: payload.name("sender.login") ?? "somebody",
                deliveryID: delivery))
    }
}
