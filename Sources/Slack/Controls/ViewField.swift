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
