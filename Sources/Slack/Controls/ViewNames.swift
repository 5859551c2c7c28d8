/// Our modals, by their `callback_id`. `private_metadata` has the control that opened them, as its `value`.
enum ViewName: String {
    /// Asks again before a step: `Control.step`.
    case confirm
    /// Asks where to deploy what: `Control.deployForm`.
    case deployForm = "deploy_form"
    /// Says something and asks nothing.
    case words
}

/// A question of a modal: its block's `block_id` and its element's `action_id` are the same.
enum ViewField: String {
    case environment
    /// A branch, a tag, a commit or a release.
    case revision
    /// Why it is done, in its sender's words.
    case note
    /// The `action_id` of every overflow menu; what was chosen is the option's `value`, a control.
    case menu
}
