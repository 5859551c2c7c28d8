import Synchronization

/// Whether the disk has room for new work. Reading it costs nothing, so it is read for each request.
package final class DiskRoom: Sendable {
    private let isShort = Atomic(false)

    /// There is, until somebody who looks says otherwise.
    package init() {}

    package var isThere: Bool { !isShort.load(ordering: .relaxed) }

    package func set(_ isThere: Bool) { isShort.store(!isThere, ordering: .relaxed) }

    /// - Throws: `diskFull` when there is none.
    package func require() throws(JournalError) { if !isThere { throw .diskFull } }
}
