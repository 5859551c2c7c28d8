import HTTP
import JSON

/// What the page posts, or a script in its place: a JSON object. `user` says who acts, and is `you` when it is missing.
struct PageRequest {
    let body: JSON
    let user: String

    /// - Throws: `PageRefusal`. Only JSON is taken: other sites' pages can't send that here without being asked first
    ///   (Fetch, "CORS protocol").
    init(_ request: HTTPRequest) throws {
        guard request.headers["Content-Type"]?.hasPrefix("application/json") == true,
            let body = try? JSON.parse(request.body), body.object != nil
        else { throw PageRefusal(sentence: "A JSON object, please, as application/json.") }
        self.body = body
        user = body["user"]?.string ?? Workspace.memberID
    }

    /// The log channel when it is missing.
    var channel: String { body["channel"]?.string ?? Workspace.channelID }

    func string(_ key: String) throws -> String {
        guard let text = body[key]?.string else { throw PageRefusal(sentence: "A text `\(key)` is missing.") }
        return text
    }

    /// What a control holds, in one text: what was typed, or the value of the option, or of several with commas
    /// between.
    static func value(of control: JSON) -> String? {
        if let options = control["selected_options"]?.array {
            return options.compactMap { $0["value"]?.string }.joined(separator: ",")
        }
        if let option = control["selected_option"], !option.isNull { return option["value"]?.string }
        for key in [
            "value", "selected_user", "selected_channel", "selected_conversation", "selected_date", "selected_time",
        ] {
            if let text = control[key]?.string { return text }
        }
        return nil
    }
}
