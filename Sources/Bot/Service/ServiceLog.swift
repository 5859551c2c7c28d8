import Deploys
import Foundation

extension Log {
    /// Lines on standard error. Each is one write, so that lines of several threads never mix.
    package static let standardError = Log { level, text in
        let bytes = Array(line(level, text, at: .now).utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// `2026-11-20T23:25:39Z warning what happened`, with a line break at its end and nowhere else. What others wrote
    /// may stand in it, and must neither begin a line of its own nor steer the operator's terminal.
    static func line(_ level: Level, _ text: String, at time: Date) -> String {
        let visible = text.unicodeScalars.map { scalar in
            if CharacterSet.newlines.contains(scalar) { return " | " }
            return scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(scalar)
        }.joined()
        return "\(time.formatted(.iso8601)) \(level.rawValue) \(visible)\n"
    }
}
