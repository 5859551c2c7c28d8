/// The comment by which a role, and its database, are known to be an app's, and whose app that is: several
/// installations may share a server without knowing of each other, and have apps of the same name.
struct PostgresMark: Sendable, Equatable {
    /// Of which add-on, app and environment.
    let subject: String
    /// An `InstallationIdentity`'s.
    let installation: String

    private static let start = "Iterapp's "
    private static let separator = ", installation "

    var text: String { "\(subject)\(Self.separator)\(installation)" }
    /// Of a database that no deploy that went well has told of yet.
    var textOfNew: String { "\(text), new" }

    init(_ name: PostgresName, installation: String) {
        subject = Self.subject(of: name)
        self.installation = installation
    }

    static func subject(of name: PostgresName) -> String { "\(start)\(name.subject)" }

    /// Nil for a comment that people have written.
    init?(comment: String) {
        guard comment.hasPrefix(Self.start), let separator = comment.firstRange(of: Self.separator) else { return nil }
        subject = String(comment[..<separator.lowerBound])
        installation = String(comment[separator.upperBound...])
        if installation.isEmpty { return nil }
    }
}
