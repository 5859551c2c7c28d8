/// Tells this installation from others that share a server with it, so that neither takes the other's data for its own.
package struct InstallationIdentity: Sendable {
    private let read: @Sendable () async throws(AddOnError) -> String

    /// - Parameter read: the same for as long as the apps are the same; asked each time.
    package init(_ read: @escaping @Sendable () async throws(AddOnError) -> String) { self.read = read }

    package init(id: String) { read = { () throws(AddOnError) in id } }

    /// Letters, digits and hyphens; not secret.
    /// - Throws: when it cannot be known now.
    package func id() async throws(AddOnError) -> String { try await read() }

    package static let maxIDCharacters = 63

    /// Whether a setting may be one: what is written into databases' comments and into names must need no quoting.
    package static func isID(_ text: String) -> Bool {
        (1...maxIDCharacters).contains(text.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    }
}
