/// How far a roll-out is.
package struct RollOutProgress: Hashable, Sendable {
    /// Pods of the new version that are ready, over all applings.
    package let ready: Int
    package let wanted: Int
    /// What keeps it from going on at the moment, and may pass: a sentence.
    package let holdUp: String?

    package init(ready: Int, wanted: Int, holdUp: String? = nil) {
        self.ready = ready
        self.wanted = wanted
        self.holdUp = holdUp
    }

    func masked(by mask: SecretMask) -> RollOutProgress {
        RollOutProgress(ready: ready, wanted: wanted, holdUp: holdUp.map(mask.masked))
    }
}
