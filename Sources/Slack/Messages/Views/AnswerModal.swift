import Deploys
import JSON

/// An answer where there is no channel to give it in: on top of the Home tab, or of a form.
struct AnswerModal {
    let answer: Answer

    init(_ answer: Answer) { self.answer = answer }

    /// The argument `view` of `views.open`, `views.push` and `views.update`.
    var view: JSON {
        Views.modal(
            .words, title: FormWords.product, submit: nil, close: FormWords.close, control: nil,
            AnswerMessage(answer).blocks)
    }
}
