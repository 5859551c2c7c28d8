import JSON

/// Says something where a form was expected: why there is none, or that it is on its way.
struct WordsModal {
    let title: String
    let text: String

    /// - Parameter text: in the neutral mark-up of answers.
    init(title: String, text: String) {
        self.title = title
        self.text = text
    }

    var view: JSON {
        let lines = Mrkdwn.neutral(text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return Views.modal(
            .words, title: title, submit: nil, close: "Close", control: nil,
            Blocks.sections(lines.isEmpty ? [" "] : lines, atMost: 4))
    }
}
