/// A value that only the build of an image sees, as a file.
package struct BuildSecret: Sendable, Equatable {
    /// By which the Dockerfile names it: `--mount=type=secret,id=…`.
    package var id: String
    /// The text that `iterapp encrypt --scope build` printed.
    package var encrypted: String

    package init(id: String, encrypted: String) {
        self.id = id
        self.encrypted = encrypted
    }
}
