/// Our modals, by their `callback_id`. What each is about stands in its `private_metadata`.
enum ViewName: String {
    /// Asks again: before a step (`Control.step`), or before what a form asked for (`DeployWish`).
    case confirm
    /// Asks where to deploy what: `Control.deployForm`.
    case deployForm = "deploy_form"
    /// Says something and asks nothing.
    case words
}
