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

    /// Submodules are checked out as well, when they are repositories of the same host that we may read.
    package var includesSubmodules = false
    /// Files that Git LFS keeps are fetched by the program `git-lfs`.
    package var includesLFS = false
    /// Of one commit, with those in its submodules.
    package var maxSubmodules = 50
    /// How deep submodules may lie in one another.
    package var maxSubmoduleDepth = 5

    package init() {}
}
