import Deploys
import JSON

/// Asks again, and shows what would change.
struct ConfirmModal {
    let preview: Preview
    let note: String
    static let maxListedCommits = 15

    /// - Parameter note: why, as it was written already.
    init(_ preview: Preview, note: String? = nil) {
        self.preview = preview
        self.note = note ?? ""
    }

    /// The argument `view` of `views.open` and of the response action `update`. What a step is about is its control;
    /// what a form asked for is for the window's memory.
    var view: JSON {
        let words = ConfirmWords(preview)
        var blocks = [Blocks.section([words.question]), Blocks.section(words.comparison)]
        if !words.changes.isEmpty { blocks += Blocks.sections(words.changes, atMost: 2) }
        if !words.warnings.isEmpty { blocks.append(Blocks.context(words.warnings)) }
        return Views.modal(
            .confirm, title: words.title, submit: words.submit, close: FormWords.notNow,
            control: control, blocks + [Views.note(initially: note)])
    }

    private var control: Control? {
        guard case .step(let step, let operation) = preview.subject else { return nil }
        return .step(step, operation)
    }
}
