/// What the state directory takes of its disk, in bytes.
package struct StateFigures: Sendable, Equatable {
    /// What is left on the disk; nil when nobody knows.
    package var free: Int?
    /// Whether it does not answer: a write has not ended for over a second.
    package var isStalled = false
    /// Below it, new work is refused.
    package var reserve = 0
    package var journal = 0
    /// What was written and is not in the journal's own file yet.
    package var writeAheadLog = 0

    package init() {}
}
