/// Secrets of a build by their ids. Printing them, also as a part of something else, shows how many there are.
package struct BuildSecrets: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    package let values: [String: String]

    package init(_ values: [String: String] = [:]) { self.values = values }

    package var isEmpty: Bool { values.isEmpty }
    package var description: String { "\(values.count) build secrets" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
