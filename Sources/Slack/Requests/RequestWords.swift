import Deploys

/// What people read when a request itself is the trouble, before or behind what it asks for.
enum RequestWords {
    static let foreign = Answer(
        .refused, "This Iterapp belongs to another Slack workspace, so nothing was done. Ask for things in a channel "
            + "of the workspace that it was installed in.")
    static let late = Answer(
        .information, "Iterapp is slow just now: it is not certain yet whether it can do this. Please wait for the "
            + "answer here; if there is none, look with `/iterapp status` before you ask again.")
    static let misplaced = Answer(
        .information, "To ask me for something, begin with my name: `@iterapp help`. I did nothing.")
    static let oldButton = Answer(
        .refused, "That button is of an older version of Iterapp, which I don't know any more. Nothing was done. "
            + "`/iterapp help` shows what you can type instead.")
    static let closedForm = Answer(
        .refused, "I don't know that form any more, so nothing was done. Please open it again.")
    static let slowForm = Answer(
        .unavailable, "Iterapp was too slow to show what would change, so nothing was done. Please open the form "
            + "again.")
    static let noForm = Answer(
        .unavailable, "Slack did not open the form in time, so nothing was done. Please press the button again.")
}
