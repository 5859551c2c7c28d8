/// What the operator decides about check-outs.
package struct GitOptions: Sendable {
    /// Of mirrors and check-outs together, on the disk. The mirrors that were not used for the longest
    /// time make room for others.
    package var maxWorkspaceBytes: Int64 = 10 << 30
    /// Of the files of one commit. A larger one is refused.
    package var maxCheckOutBytes: Int64 = 4 << 30
    /// Each takes a node of the file system, however small it is.
    package var maxCheckOutFiles = 300_000

    /// Each fetch adds packs to a mirror, and Git looks into one after the other: more are joined.
    package var maxPacks = 100

    package init() {}
}
