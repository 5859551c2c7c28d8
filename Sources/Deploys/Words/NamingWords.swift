/// Why a repository's name can't be an app's.
enum NamingWords {
    static func tooLong(_ label: String, namespace: String, limit: Int) -> String {
        "The name `\(label)` is too long: its namespace `\(namespace)` would have "
            + "\(namespace.utf8.count) characters, and \(limit) are the limit. Rename the repository."
    }

    static func noHostName(_ label: String) -> String {
        "`\(label)` can't become part of a host name: after `_` and `.` are replaced by `-` it "
            + "must begin and end with a letter or a digit. Rename the repository."
    }

    /// - Parameter what: `namespace`, `address`.
    static func shared(_ what: String, _ name: String, _ label: String, _ other: String) -> String {
        "`\(label)` would share the \(what) `\(name)` with `\(other)`, which is registered. "
            + "Rename one of the repositories."
    }
}
