/// What a build's log says when nothing was built.
enum UnchangedWords {
    static func lines(_ kept: KeptImage) -> [String] {
        [
            "Unchanged since build \(kept.build): nothing that this image is made of is different now, so it is used "
                + "again.",
            kept.image.text,
        ]
    }
}
