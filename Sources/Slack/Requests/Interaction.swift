import Deploys
import Foundation
import JSON

/// Somebody pressed something (docs.slack.dev, "block_actions payload").
struct Interaction: Sendable {
    /// What was pressed.
    enum Pressed: Hashable, Sendable {
        case control(Control)
        /// A command, as buttons of earlier versions carried it.
        case command(String)
        /// A field of a form: nothing is asked for before the form is sent.
        case field
        case unknown
    }

    let person: Person
    let pressed: Pressed
    /// Where a window that is opened now comes from.
    let memory: WindowMemory
    let trigger: String?
    let isInWindow: Bool
    /// Of the thread in which the message with the button stands.
    private let thread: String?

    var place: Place { memory.place }

    /// Nil when something is missing that Slack always sends.
    init?(_ payload: JSON, person: Person, places: Places, now: Date) async {
        guard let actions = payload["actions"]?.array else { return nil }
        self.person = person
        pressed = actions.first.map(Self.pressed) ?? .field
        trigger = payload["trigger_id"]?.string
        let view = payload["view"]
        isInWindow = view?["type"] == "modal"
        let url = payload["response_url"]?.string
        if let channel = payload.at("channel", "id")?.string ?? payload.at("container", "channel_id")?.string {
            let place = await places.place(id: channel, name: payload.at("channel", "name")?.string)
            memory = WindowMemory(place: place, responseURL: url, since: now)
        } else {
            let opened = isInWindow ? view?["private_metadata"]?.string.flatMap(WindowMemory.init) : nil
            memory = opened ?? WindowMemory(place: .home, responseURL: url, since: now)
        }
        thread = payload.at("message", "thread_ts")?.string ?? payload.at("container", "thread_ts")?.string
    }

    private static func pressed(_ action: JSON) -> Pressed {
        let id = action["action_id"]?.string ?? ""
        if let field = ViewField(rawValue: id), field != .menu { return .field }
        // A menu's option has no id of its own.
        let value = action.at("selected_option", "value")?.string ?? action["value"]?.string
        if id == MessageBlocks.commandAction { return value.map(Pressed.command) ?? .unknown }
        if let control = value.flatMap(Control.init) ?? Control(id) { return .control(control) }
        // Slack tells of links, too, and opens them by itself.
        return action["url"] == nil ? .unknown : .control(.link(id))
    }

    /// Where there is no channel, a window on top of what the person sees, and else a direct message.
    var reply: Reply {
        let others = memory.reply(to: person.id).ways
        if place == .home || isInWindow, let trigger {
            return Reply(person: person.id, ways: [.window(trigger: trigger, onTopOfWindow: isInWindow)] + others)
        }
        let threaded = others.map { way -> Reply.Way in
            guard case .ephemeral(let channel, nil) = way else { return way }
            return Reply.Way.ephemeral(channel: channel, thread: thread)
        }
        return Reply(person: person.id, ways: threaded)
    }

    /// - Parameter deduplicationKey: under which it acts once.
    func sender(deduplicationKey: String?) -> Sender {
        Sender(
            person: person, place: place, pressedButton: true, deduplicationKey: deduplicationKey,
            delivery: trigger.map { "press:\($0)" })
    }
}
