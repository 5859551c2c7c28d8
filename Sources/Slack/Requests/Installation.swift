import Deploys
import JSON

/// Where the bot is installed, and who it is there (docs.slack.dev, "auth.test").
struct Installation: Hashable, Sendable {
    /// The workspace; for an installation over a whole organisation, whatever Slack tells.
    let teamID: String
    let enterpriseID: String?
    let isOrganisationWide: Bool
    let botUserID: String?

    init(teamID: String, enterpriseID: String? = nil, isOrganisationWide: Bool = false, botUserID: String? = nil) {
        self.teamID = teamID
        self.enterpriseID = enterpriseID
        self.isOrganisationWide = isOrganisationWide
        self.botUserID = botUserID
    }

    /// Reads an answer of `auth.test`, or `json`. Nil when it names no workspace.
    init?(_ answer: JSON) {
        guard let team = answer["team_id"]?.string, !team.isEmpty else { return nil }
        self.init(
            teamID: team, enterpriseID: answer["enterprise_id"]?.string,
            isOrganisationWide: answer["is_enterprise_install"] == true, botUserID: answer["user_id"]?.string)
    }

    var json: JSON {
        var json: JSON = ["team_id": .string(teamID), "is_enterprise_install": .bool(isOrganisationWide)]
        json["enterprise_id"] = enterpriseID.map(JSON.string)
        json["user_id"] = botUserID.map(JSON.string)
        return json
    }

    /// Whether a request concerns this installation, and nobody from outside is behind it. What Slack does not tell
    /// counts for nothing: the signature holds.
    func owns(_ origin: PayloadOrigin) -> Bool {
        let isOfOrganisation = enterpriseID != nil && origin.enterpriseID == enterpriseID
        guard let team = origin.teamID, !(isOrganisationWide && isOfOrganisation) else { return true }
        guard team == teamID else { return false }
        // In an organisation, people of one workspace may be at home in another one.
        return isOfOrganisation || origin.memberTeamIDs.allSatisfy { $0 == teamID }
    }
}

/// What a request of Slack's says of where it comes from.
struct PayloadOrigin: Hashable, Sendable {
    var appID: String?
    var teamID: String?
    var enterpriseID: String?
    /// Of the person behind it, when Slack tells: channels can be shared with other workspaces
    /// (docs.slack.dev, "Slack Connect").
    var memberTeamIDs: [String] = []

    /// Of a slash command.
    init(form: FormFields) {
        appID = form["api_app_id"]
        teamID = form["team_id"]
        enterpriseID = form["enterprise_id"]
    }

    /// Of an interaction.
    init(interaction payload: JSON) {
        appID = payload["api_app_id"]?.string
        teamID = payload.at("team", "id")?.string ?? payload.at("user", "team_id")?.string
        enterpriseID = payload.at("enterprise", "id")?.string ?? payload.at("team", "enterprise_id")?.string
        memberTeamIDs = [payload.at("user", "team_id")?.string].compactMap { $0 }
    }

    /// Of the Events API's envelope.
    init(event envelope: JSON) {
        appID = envelope["api_app_id"]?.string
        teamID = envelope["team_id"]?.string
        enterpriseID = envelope["enterprise_id"]?.string
        memberTeamIDs = [envelope.at("event", "user_team")?.string, envelope.at("event", "team")?.string]
            .compactMap { $0 }
    }
}
