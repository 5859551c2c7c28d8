/// What an image is made of, in a few characters: the same inputs give the same ones. They tell nobody the inputs.
package struct BuildFingerprint: Hashable, Sendable {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// The image of an appling and what it was made of, so that it need not be made again.
package struct KeptImage: Hashable, Sendable {
    package let app: AppID
    /// Nil for an app without applings.
    package let appling: String?
    package let fingerprint: BuildFingerprint
    package let image: ImageReference
    /// The build that made it.
    package let build: Int

    package init(app: AppID, appling: String?, fingerprint: BuildFingerprint, image: ImageReference, build: Int) {
        self.app = app
        self.appling = appling
        self.fingerprint = fingerprint
        self.image = image
        self.build = build
    }
}

/// Remembers the newest images of each appling.
package protocol ImageMemory: Sendable {
    /// The newest image of the appling that was made of just that; nil when there is none.
    func keptImage(
        of app: AppID, appling: String?, _ fingerprint: BuildFingerprint
    ) async throws(JournalError) -> KeptImage?
    func keep(_ image: KeptImage) async throws(JournalError)
}
