import Foundation

/// One numbered attempt to turn a commit into images. Numbers count from 1 per app.
package struct Build: Hashable, Codable, Sendable {
    package let app: AppID
    package let number: Int
    package let commit: CommitID
    /// Image by appling; the key is empty for an app without applings. Nil until it succeeded.
    package var images: [String: ImageReference]?

    package init(app: AppID, number: Int, commit: CommitID, images: [String: ImageReference]?) {
        self.app = app
        self.number = number
        self.commit = commit
        self.images = images
    }
}

/// What a cluster pulls: `registry/cats@sha256:…`, or a name that the node's engine knows.
package struct ImageReference: Hashable, Codable, Sendable, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package var description: String { text }
}
