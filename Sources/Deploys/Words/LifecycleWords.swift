/// What becomes of operations that do not run to their end.
enum LifecycleWords {
    static let nothingChanged = "Nothing was changed."
    static let leftAsItWas =
        "No release was live before, so there is nothing to put back; the next deploy tidies up what was begun."

    /// It waited, and its app was deregistered meanwhile.
    static func deregistered(_ label: String) -> Failure {
        Failure(
            .rollOut, "`\(label)` was deregistered while this waited, so it was not deployed.",
            advice: "Register it again with `/iterapp register \(label)`, then retry.")
    }

    /// It was held, and its app was deregistered meanwhile.
    static func deregisteredWhileHeld(_ label: String) -> String {
        "`\(label)` was deregistered while this waited for an approval. \(nothingChanged)"
    }

    static func putBack(_ number: Int) -> String { "Release #\(number) was put back and serves." }

    static func notPutBack(_ number: Int, _ sentence: String) -> String {
        "Putting release #\(number) back did not work either: \(sentence)"
    }
}
