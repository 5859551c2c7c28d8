/// What a sender reads whose command was not taken.
extension Refusal {
    var answer: Answer {
        switch self {
        case .mistake(let mistake):
            let usage = mistake.verb.map { "Usage: `\($0.usage)`" } ?? CommandHelp.usages
            return Answer(.refused, "\(mistake.sentence)\n\(usage)")
        case .wrongChannel(let channel):
            return Answer(.refused, "Commands that change something are taken in \(channel). Please repeat it there.")
        case .notRegistered(let label, let nearest?):
            return Answer(
                .refused, "`\(label)` is not registered. Did you mean `\(nearest)`? Or register it with "
                    + "`/iterapp register \(label)`.")
        case .notRegistered(let label, nil):
            return Answer(.refused, "`\(label)` is not registered. Register it with `/iterapp register \(label)`.")
        case .notPossible(let sentence, let verb):
            return Answer(.refused, "\(sentence)\nUsage: `\(verb.usage)`")
        case .notAllowed(let sentence):
            return Answer(.refused, sentence)
        case .journal(.diskFull):
            return Answer(
                .unavailable, "The disk of the Iterapp service is full, so nothing was written down. "
                    + "Please tell its operator, and try again later.")
        case .journal(.stalled):
            return Answer(
                .unavailable, "The disk of the Iterapp service does not answer just now, so nothing was done. Try "
                    + "again in a minute; if this goes on, please tell its operator.")
        case .journal(.unavailable):
            return Answer(
                .unavailable, "Iterapp can't write this down just now, so nothing will happen. Try again in a minute.")
        }
    }
}
