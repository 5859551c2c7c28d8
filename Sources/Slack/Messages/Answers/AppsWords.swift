/// What stands above, below and instead of a list of apps.
enum AppsWords {
    static let none = "No app is registered yet. `/iterapp register <repo>` registers the first one."
        .replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    static let own = "Your apps"
    static let others = "Other apps"
    static let all = "Apps"

    static func more(_ count: Int) -> String {
        "and \(count) more: `/iterapp status &lt;app&gt;` shows each"
    }
}
