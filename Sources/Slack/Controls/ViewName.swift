/// Our modals, by their `callback_id`. `private_metadata` has the control that opened them, as its `value`.
enum ViewName: String {
    /// Asks again before a step: `Control.step`.
    case confirm
    /// Asks where to deploy what: `Control.deployForm`.
    case deployForm = "deploy_form"
    /// Says something and asks nothing.
    case words
}
