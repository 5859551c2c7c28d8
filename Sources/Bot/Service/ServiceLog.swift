import Deploys
import Foundation

extension Log {
    /// Lines on standard error: `2026-11-20T23:25:39Z warning what happened`. Each is one write, so that lines of
    /// several threads never mix.
    package static let standardError = Log { level, text in
        let time = Date.now.formatted(.iso8601)
        let line = Array("\(time) \(level.rawValue) \(text.replacing("\n", with: " | "))\n".utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
