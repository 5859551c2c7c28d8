/// A token, a JWT. Whatever prints or describes it shows nothing of it.
package struct GitHubSecret: Sendable, Hashable {
    package let value: String

    package init(_ value: String) { self.value = value }
}

extension GitHubSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
