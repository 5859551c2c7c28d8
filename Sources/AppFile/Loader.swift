extension AppFile {
    /// Reads and checks the settings of a repository.
    ///
    /// - Returns: all problems of all files, ordered by path, line and column; and the
    ///   settings, which are nil exactly when one of the problems is an error. No file at all
    ///   means every default.
    package static func load(from tree: some FileTree) -> (file: AppFile?, problems: [Problem]) {
        (AppFile(), [])
    }
}
