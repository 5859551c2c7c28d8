import Crypto
import Foundation

/// Tells the containers of one demo from those of another on the same engine: twelve hex digits that stay the
/// same for the same directory.
package struct ClusterID: Sendable, Hashable {
    package let text: String

    package init(directory: URL) {
        let path = directory.standardizedFileURL.resolvingSymlinksInPath().path
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        text = String(hex(sha256(Array(trimmed.utf8))).prefix(12))
    }
}
