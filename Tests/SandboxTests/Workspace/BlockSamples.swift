import JSON

@testable import Sandbox

/// Blocks that Slack takes and refuses, for our rules and for the models of Slack's own client.
enum BlockSamples {
    static func plain(_ count: Int) -> JSON { ["type": "plain_text", "text": long(count)] }
    static func mrkdwn(_ count: Int) -> JSON { ["type": "mrkdwn", "text": long(count)] }
    static func long(_ count: Int) -> JSON { .string(String(repeating: "x", count: count)) }

    static func with(_ base: JSON, _ changes: [String: JSON]) -> JSON {
        var result = base
        for (key, value) in changes { result[key] = value.isNull ? nil : value }
        return result
    }

    static func actions(_ elements: [JSON]) -> JSON { ["type": "actions", "elements": .array(elements)] }
    static func option(_ index: Int) -> JSON { ["text": plain(75), "value": .string("v\(index)")] }
    static func options(_ count: Int) -> JSON { .array((0..<count).map(option)) }

    static let button: JSON = ["type": "button", "text": plain(1), "action_id": "b", "value": "1"]
    static let overflow: JSON = ["type": "overflow", "action_id": "o", "options": options(2)]
    static let select: JSON = [
        "type": "static_select", "action_id": "s", "placeholder": plain(150), "options": options(100),
    ]
    static let confirm: JSON = [
        "title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30), "style": "danger",
    ]
    static let section: JSON = ["type": "section", "text": mrkdwn(1)]
    static let input: JSON = [
        "type": "input", "label": plain(2_000), "element": ["type": "plain_text_input", "action_id": "i"],
    ]
    static let image: JSON = ["type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"]
    static let header: JSON = ["type": "header", "text": plain(150)]
    static let richText: JSON = [
        "type": "rich_text",
        "elements": [
            [
                "type": "rich_text_section",
                "elements": [["type": "text", "text": "x"], ["type": "emoji", "name": "cat"]],
            ],
            [
                "type": "rich_text_list", "style": "bullet",
                "elements": [["type": "rich_text_section", "elements": [["type": "text", "text": "x"]]]],
            ],
            ["type": "rich_text_preformatted", "elements": [["type": "text", "text": "log"]]],
        ],
    ]

    static let good: [JSON] = [
        ["type": "divider", "block_id": long(255)], section, with(section, ["text": mrkdwn(3_000)]),
        ["type": "section", "fields": .array(Array(repeating: mrkdwn(2_000), count: 10))],
        with(section, ["accessory": button]), with(section, ["accessory": image]),
        with(section, ["accessory": with(overflow, ["options": options(5)])]),
        header, image, with(image, ["title": plain(2_000)]),
        ["type": "context", "elements": .array(Array(repeating: mrkdwn(10), count: 9) + [image])],
        actions([button]),
        actions((0..<25).map { with(button, ["action_id": .string("b\($0)")]) }),
        actions([with(button, ["text": plain(75), "value": long(2_000), "style": "primary", "confirm": confirm])]),
        actions([with(button, ["url": "https://example.com/", "value": .null, "style": "danger"])]),
        actions([overflow, select, ["type": "users_select", "action_id": "u", "placeholder": plain(1)]]),
        actions([with(select, ["initial_option": option(3)])]),
        actions([["type": "checkboxes", "action_id": "c", "options": options(10)]]),
        actions([["type": "radio_buttons", "action_id": "r", "options": options(10)]]),
        actions([["type": "datepicker", "action_id": "d", "initial_date": "2026-11-21"]]),
        input, with(input, ["hint": plain(2_000), "optional": true, "dispatch_action": false]),
        with(input, ["element": select]),
        with(input, [
            "element": [
                "type": "plain_text_input", "action_id": "i", "multiline": true, "min_length": 0, "max_length": 3_000,
                "initial_value": "x", "placeholder": plain(150),
            ],
        ]),
        richText, ["type": "markdown", "text": "**x**"],
    ]
}
