/// One mistake in a TOML text.
package struct TOMLError: Error, Sendable, Equatable {
    package var position: TOMLPosition
    /// What is wrong and how to write it right, without the place, for example "`port` is given
    /// twice; the first one is on line 1".
    package var message: String

    package init(position: TOMLPosition, message: String) {
        self.position = position
        self.message = message
    }
}

extension TOMLError: CustomStringConvertible {
    package var description: String { "\(position.line):\(position.column): \(message)" }
}
