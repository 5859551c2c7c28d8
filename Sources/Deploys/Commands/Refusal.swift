/// Why a command was not taken.
enum Refusal: Error {
    case mistake(CommandMistake)
    case wrongChannel(String)
    case notRegistered(String, nearest: String?)
    case notPossible(String, Verb)
    /// The policy does not let this person do it.
    case notAllowed(String)
    case journal(JournalError)
}
