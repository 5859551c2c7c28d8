import Foundation

/// What the reader of a stream can be shown.
package struct Terminal: Sendable, Equatable {
    /// A person reads along: lines of the source may be shown.
    package var isInteractive: Bool
    package var hasColours: Bool

    package init(isInteractive: Bool, hasColours: Bool) {
        self.isInteractive = isInteractive
        self.hasColours = hasColours
    }

    /// A file or another program.
    package static let none = Terminal(isInteractive: false, hasColours: false)

    package static let output = Terminal(STDOUT_FILENO, ProcessInfo.processInfo.environment)
    package static let errors = Terminal(STDERR_FILENO, ProcessInfo.processInfo.environment)

    private init(_ descriptor: Int32, _ environment: [String: String]) {
        self.init(isTerminal: isatty(descriptor) == 1, environment)
    }

    /// https://no-color.org: set to anything but nothing.
    init(isTerminal: Bool, _ environment: [String: String]) {
        isInteractive = isTerminal
        hasColours = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }
}
