/// What builds images, as sentences speak of it.
struct BuildPlace: Sendable {
    /// Within a sentence: `the Docker Engine`.
    let name: String
    /// The command that makes room on its disk.
    let cleaning: String
    /// Why nothing comes from it, and what to do.
    let silence: @Sendable (_ reason: String) -> String
    /// Where it listens.
    let host: String
    /// What makes it known to a registry.
    let signingIn: String

    var sentenceStart: String { name.prefix(1).uppercased() + name.dropFirst() }
}
