import Slack
import Web

/// Sign-in with Slack, which needs an id, a secret, and an address to come back to.
extension SettingsReader {
    mutating func signIn() -> SlackSignIn.Client? {
        let (id, secret) = (text("SLACK_CLIENT_ID"), text("SLACK_CLIENT_SECRET"))
        guard let id, let secret else {
            if id != nil || secret != nil {
                problems.append(
                    "\(id == nil ? "SLACK_CLIENT_ID" : "SLACK_CLIENT_SECRET") is not set: people sign in with both; "
                        + "they are on your Slack app's page under Basic Information.")
            }
            return nil
        }
        guard let url = text("ITERAPP_PUBLIC_URL") else {
            problems.append("ITERAPP_PUBLIC_URL is not set: with SLACK_CLIENT_ID, people come back there from Slack.")
            return nil
        }
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        return SlackSignIn.Client(id: id, secret: secret, redirectURL: base + SignInPages.callbackPath)
    }
}
