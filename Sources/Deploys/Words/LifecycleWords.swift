/// What becomes of operations that do not run to their end.
enum LifecycleWords {
    static let nothingChanged = "Nothing was changed."
    static let leftAsItWas =
        "No release was live before, so there is nothing to put back; the next deploy tidies up what was begun."

    static func putBack(_ number: Int) -> String { "Release #\(number) was put back and serves." }

    static func notPutBack(_ number: Int, _ sentence: String) -> String {
        "Putting release #\(number) back did not work either: \(sentence)"
    }
}
