/// A repository as its host knows it.
package struct SourceRepository: Hashable, Codable, Sendable {
    /// Stays the same when the repository is renamed or transferred; nil when its host gives none.
    package let id: Int64?
    /// What it is called now.
    package let name: AppID

    package init(id: Int64?, name: AppID) {
        self.id = id
        self.name = name
    }
}

/// Knows repositories by what they are called, and by what they were called before.
package protocol RepositoryLookup: Sendable {
    func repository(_ name: AppID) async throws(SourceError) -> SourceRepository
}

/// Why pushes of a registered repository can't come, or can't be built. Each comes and goes by itself, so that an app
/// can have several of them.
package enum SourceTrouble: String, Codable, Sendable, CaseIterable {
    // The worst first: that one is shown.
    case deleted
    /// The repository was taken out of what we may see, or the access was given up as a whole.
    case accessLost = "access_lost"
    /// Access was suspended as a whole, and may come back.
    case suspended
    case archived
}
