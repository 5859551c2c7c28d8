/// What Slack says about each method that the stand-in has (docs.slack.dev, "Web API methods").
enum SlackMethod: String, CaseIterable {
    case testAuth = "auth.test"
    case postMessage = "chat.postMessage"
    case updateMessage = "chat.update"
    case deleteMessage = "chat.delete"
    case postEphemeral = "chat.postEphemeral"
    case listChannels = "conversations.list"
    case channelInfo = "conversations.info"
    case history = "conversations.history"
    case replies = "conversations.replies"
    case openChannel = "conversations.open"
    case openView = "views.open"
    case pushView = "views.push"
    case updateView = "views.update"
    case publishView = "views.publish"
    case uploadURL = "files.getUploadURLExternal"
    case completeUpload = "files.completeUploadExternal"
    case listGroups = "usergroups.list"
    case listGroupMembers = "usergroups.users.list"
    case userInfo = "users.info"
    case exchangeCode = "openid.connect.token"

    /// Whether a call must carry the app's token; this one carries the app's secret.
    var needsToken: Bool { self != .exchangeCode }

    /// Reading methods take forms and queries only.
    var takesJSON: Bool {
        switch self {
        case .testAuth, .postMessage, .updateMessage, .deleteMessage, .postEphemeral, .openChannel, .openView,
            .pushView, .updateView, .publishView, .completeUpload, .exchangeCode:
            true
        default: false
        }
    }

    /// Calls a minute (docs.slack.dev, "Rate limits"); nil where other rules hold.
    var callsPerMinute: Int? {
        switch self {
        case .postMessage, .testAuth, .exchangeCode: nil
        case .listChannels, .listGroups, .listGroupMembers: 20
        case .updateMessage, .deleteMessage, .channelInfo, .history, .replies, .openChannel: 50
        case .postEphemeral, .openView, .pushView, .updateView, .publishView, .uploadURL, .completeUpload, .userInfo:
            100
        }
    }

    /// The right that the method needs whatever it is about; nil when it depends on the channel, or none is needed.
    var scope: String? {
        switch self {
        case .postMessage, .updateMessage, .deleteMessage, .postEphemeral: "chat:write"
        case .uploadURL, .completeUpload: "files:write"
        case .listGroups, .listGroupMembers: "usergroups:read"
        case .userInfo: "users:read"
        case .openChannel: "im:write"
        case .testAuth, .listChannels, .channelInfo, .history, .replies, .openView, .pushView, .updateView,
            .publishView, .exchangeCode:
            nil
        }
    }
}
