import Deploys
import JSON

/// Asks again, and shows what would change.
struct ConfirmModal {
    let preview: Preview
    static let maxListedCommits = 15

    init(_ preview: Preview) { self.preview = preview }

    /// The argument `view` of `views.open` and `views.update`.
    var view: JSON {
        let words = ConfirmWords(preview)
        var blocks = [Blocks.section([words.question]), Blocks.section(words.comparison)]
        if !words.changes.isEmpty { blocks += Blocks.sections(words.changes, atMost: 2) }
        if let warning = words.warning { blocks.append(Blocks.context([warning])) }
        return Views.modal(
            .confirm, title: words.title, submit: words.submit, close: FormWords.notNow,
            control: .step(preview.step, preview.operation.id), blocks + [Views.note])
    }
}
