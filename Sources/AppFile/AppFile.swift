/// What a repository's `iterapp.toml` files say, checked and with every default filled in.
///
/// `AppFile.load(from:)` makes one from a tree of files; `AppFile()` is what an empty or
/// absent file means.
package struct AppFile: Sendable, Equatable {
    /// The environment that a push to the default branch is deployed to; nil when the file
    /// says `none`: such a push is built and not deployed.
    package var defaultEnvironment: String?

    /// What is built and run: exactly one appling without a name when the root file lists
    /// none, otherwise one for each listed folder, in the order of the list.
    package var applings: [Appling]

    package init(defaultEnvironment: String? = "test", applings: [Appling] = [Appling()]) {
        self.defaultEnvironment = defaultEnvironment
        self.applings = applings
    }
}

extension AppFile {
    /// Name of the settings file, at the root and in each appling's folder.
    package static let fileName = "iterapp.toml"

    /// Largest settings file that is read.
    package static let maxFileBytes = 1 << 20

    /// Most applings that one repository may list.
    package static let maxApplings = 100
}
