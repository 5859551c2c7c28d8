import Deploys
import Foundation
import JSON

/// Where a window was opened from. It travels with the window as its `private_metadata`, for what is sent from a window
/// names no channel (docs.slack.dev, "view_submission payload").
struct WindowMemory: Hashable, Sendable {
    let place: Place
    let responseURL: String?
    /// When the `response_url` came.
    let since: Date
    /// What the window is about; nil when it asks nothing.
    var control: Control?
    /// What the window asks about again; nil when it asks about nothing, or about a control.
    var wish: DeployWish?

    init(place: Place, responseURL: String?, since: Date) {
        self.place = place
        self.responseURL = responseURL
        self.since = since
    }

    /// Nil for what is not ours.
    init?(_ text: String) {
        guard let json = try? JSON.parse(text), let since = json["since"]?.number else { return nil }
        switch (json["place"]?.string, json["channel"]?.string) {
        case ("home", _): place = .home
        case ("direct", let id?): place = .direct(id: id)
        case ("channel", let id?): place = .channel(id: id, name: json["name"]?.string)
        default: return nil
        }
        responseURL = json["response_url"]?.string
        control = json["control"]?.string.flatMap(Control.init)
        if let wish = json["wish"] {
            // Half of it would mean something else.
            guard let whole = DeployWish(remembered: wish) else { return nil }
            self.wish = whole
        }
        self.since = Date(timeIntervalSince1970: since)
    }

    var text: String {
        var json: JSON = ["since": .double(since.timeIntervalSince1970)]
        switch place {
        case .home: json["place"] = "home"
        case .direct(let id):
            json["place"] = "direct"
            json["channel"] = .string(id)
        case .channel(let id, let name):
            json["place"] = "channel"
            json["channel"] = .string(id)
            json["name"] = name.map(JSON.string)
        }
        json["control"] = control.map { .string($0.value) }
        json["wish"] = wish?.remembered
        json["response_url"] = responseURL.map(JSON.string)
        if json.text.utf16.count > Limits.maxMetadataUnits { json["response_url"] = nil }
        if json.text.utf16.count > Limits.maxMetadataUnits { json["wish"] = wish?.withoutWords.remembered }
        return json.text
    }

    /// To the person who opened the window.
    func reply(to person: String) -> Reply {
        var ways = responseURL.map { [Reply.Way.responseURL($0, since: since)] } ?? []
        switch place {
        case .home: break
        case .direct(let id): ways.append(.message(channel: id, thread: nil))
        case .channel(let id, _): ways.append(.ephemeral(channel: id, thread: nil))
        }
        return Reply(person: person, ways: ways + [.message(channel: person, thread: nil)])
    }
}
