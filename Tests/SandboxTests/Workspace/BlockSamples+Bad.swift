import JSON

@testable import Sandbox

extension BlockSamples {
    /// Each with what the sentence about it must contain.
    static let bad: [(JSON, String)] = badBlocks + badButtons + badMenus

    private static let badBlocks: [(JSON, String)] = [
        (["type": "sofa"], "/blocks/0/type"), ([:], "/blocks/0/type"),
        (["type": "divider", "block_id": long(256)], "/blocks/0/block_id"),
        (["type": "divider", "colour": "red"], "additional property: colour"),
        (["type": "section"], "missing required field: text"),
        (with(section, ["text": mrkdwn(3_001)]), "/blocks/0/text/text"),
        (with(section, ["text": mrkdwn(0)]), "/blocks/0/text/text"),
        (with(section, ["text": "x"]), "/blocks/0/text"),
        (with(section, ["text": ["type": "markdown", "text": "x"]]), "/blocks/0/text/type"),
        (with(section, ["text": ["type": "mrkdwn", "text": "x", "emoji": true]]), "additional property: emoji"),
        (["type": "section", "fields": []], "/blocks/0/fields"),
        (["type": "section", "fields": .array(Array(repeating: mrkdwn(1), count: 11))], "/blocks/0/fields"),
        (["type": "section", "fields": [mrkdwn(2_001)]], "/blocks/0/fields/0/text"),
        (with(section, ["accessory": ["type": "plain_text_input", "action_id": "x"]]), "/blocks/0/accessory/type"),
        (with(header, ["text": plain(151)]), "/blocks/0/text/text"),
        (with(header, ["text": mrkdwn(1)]), "/blocks/0/text/type"),
        (["type": "context", "elements": []], "/blocks/0/elements"),
        (["type": "context", "elements": .array(Array(repeating: mrkdwn(1), count: 11))], "/blocks/0/elements"),
        (["type": "context", "elements": [button]], "/blocks/0/elements/0/type"),
        (with(image, ["alt_text": .null]), "missing required field: alt_text"),
        (with(image, ["alt_text": long(2_001)]), "/blocks/0/alt_text"),
        (with(image, ["image_url": .null]), "missing required field: image_url"),
        (with(image, ["image_url": "picture.png"]), "/blocks/0/image_url"),
        (with(image, ["title": plain(2_001)]), "/blocks/0/title/text"),
        (with(input, ["label": .null]), "missing required field: label"),
        (with(input, ["label": mrkdwn(1)]), "/blocks/0/label/type"),
        (with(input, ["label": plain(2_001)]), "/blocks/0/label/text"),
        (with(input, ["hint": plain(2_001)]), "/blocks/0/hint/text"),
        (with(input, ["element": .null]), "missing required field: element"),
        (with(input, ["element": button]), "/blocks/0/element/type"),
        (with(input, ["optional": "yes"]), "/blocks/0/optional"),
        (
            with(input, ["element": ["type": "plain_text_input", "action_id": "i", "max_length": 3_001]]),
            "/blocks/0/element/max_length"
        ),
        (["type": "rich_text", "elements": []], "/blocks/0/elements"),
        (["type": "rich_text", "elements": [["type": "text", "text": "x"]]], "/blocks/0/elements/0"),
        (["type": "markdown", "text": long(12_001)], "/blocks/0/text"),
    ]

    private static let badButtons: [(JSON, String)] = [
        (actions([]), "/blocks/0/elements"),
        (actions((0..<26).map { with(button, ["action_id": .string("b\($0)")]) }), "/blocks/0/elements"),
        (actions([button, button]), "/blocks/0/elements/1/action_id"),
        (actions([with(button, ["text": plain(76)])]), "/blocks/0/elements/0/text/text"),
        (actions([with(button, ["text": mrkdwn(1)])]), "/blocks/0/elements/0/text/type"),
        (actions([with(button, ["text": .null])]), "missing required field: text"),
        (actions([with(button, ["value": long(2_001)])]), "/blocks/0/elements/0/value"),
        (actions([with(button, ["value": 7])]), "/blocks/0/elements/0/value"),
        (actions([with(button, ["action_id": long(256)])]), "/blocks/0/elements/0/action_id"),
        (actions([with(button, ["style": "default"])]), "/blocks/0/elements/0/style"),
        (actions([with(button, ["url": .string("https://e.com/" + String(repeating: "x", count: 3_000))])]), "/url"),
        (actions([with(button, ["url": "cats.cool"])]), "/blocks/0/elements/0/url"),
        (actions([with(button, ["colour": "red"])]), "additional property: colour"),
        (actions([with(button, ["confirm": with(confirm, ["title": plain(101)])])]), "/confirm/title/text"),
        (actions([with(button, ["confirm": with(confirm, ["text": plain(301)])])]), "/confirm/text/text"),
        (actions([with(button, ["confirm": with(confirm, ["confirm": plain(31)])])]), "/confirm/confirm/text"),
        (actions([with(button, ["confirm": with(confirm, ["deny": plain(31)])])]), "/confirm/deny/text"),
        (actions([with(button, ["confirm": with(confirm, ["deny": .null])])]), "missing required field: deny"),
        (actions([["type": "plain_text_input", "action_id": "x"]]), "/blocks/0/elements/0/type"),
    ]

    private static let badMenus: [(JSON, String)] = [
        (actions([with(overflow, ["options": options(6)])]), "/blocks/0/elements/0/options"),
        (actions([with(overflow, ["options": []])]), "/blocks/0/elements/0/options"),
        (actions([with(select, ["options": options(101)])]), "/blocks/0/elements/0/options"),
        (actions([with(select, ["options": .null])]), "/blocks/0/elements/0/options"),
        (actions([with(select, ["placeholder": plain(151)])]), "/placeholder/text"),
        (actions([with(select, ["initial_option": ["text": plain(1), "value": "else"]])]), "/initial_option"),
        (
            actions([with(select, ["option_groups": [["label": plain(1), "options": options(1)]]])]),
            "exclude each other"
        ),
        (actions([with(overflow, ["options": [["text": plain(76), "value": "v"]]])]), "/options/0/text/text"),
        (actions([with(overflow, ["options": [["text": plain(1), "value": long(151)]]])]), "/options/0/value"),
        (
            actions([with(overflow, ["options": [["text": plain(1), "value": "v", "description": plain(76)]]])]),
            "/options/0/description/text"
        ),
        (
            actions([with(select, ["options": [["text": plain(1), "value": "v", "url": "https://e.com/"]]])]),
            "additional property: url"
        ),
        (actions([["type": "checkboxes", "action_id": "c", "options": options(11)]]), "/options"),
        (actions([["type": "radio_buttons", "action_id": "r", "options": options(11)]]), "/options"),
        (actions([["type": "datepicker", "action_id": "d", "initial_date": "tomorrow"]]), "/initial_date"),
    ]
}
