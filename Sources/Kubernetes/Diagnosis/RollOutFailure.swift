/// One target of a roll-out that is over.
struct RollOutFailure: Sendable {
    let target: RollOutTarget
    let reason: Reason

    enum Reason: Equatable, Sendable {
        /// What was found is certain.
        /// - Parameter certain: identities of causes; none when the object itself says that it failed.
        case cause(certain: Set<String>)
        /// Time is up.
        /// - Parameter last: what stood in the way when it was looked at last.
        case deadline(last: Diagnosis?)
        /// There is nothing to look up.
        case sentence(String)
        /// Its time was not up, but all was not well with it.
        case beside
    }

    /// Of causes that are told of a target for which there was still hope.
    static let maxRankBeside = 3
}
