import struct Foundation.Date

/// How to reach the person who asked, alone: the ways that there are, the best first.
struct Reply: Sendable {
    enum Way: Sendable, Hashable {
        case responseURL(String, since: Date)
        /// A message in a channel that only the person sees.
        case ephemeral(channel: String, thread: String?)
        /// - `channel`: of a direct message, or the person's own id, which leads to it.
        case message(channel: String, thread: String?)
        /// A window on top of what the person sees.
        case window(trigger: String, onTopOfWindow: Bool)
    }

    /// The person's id.
    let person: String
    let ways: [Way]
}
