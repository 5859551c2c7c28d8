import Deploys
import JSON
import Synchronization

/// Draws the bot's own tab for whoever opens it, and again when something was done there.
final class HomeTab: Sendable {
    private let info: InfoDesk
    private let answers: Answers
    private let log: Log
    /// People whose tab is being drawn; true when it has to be drawn once more after that.
    private let drawing = Mutex<[String: Bool]>([:])

    init(info: InfoDesk, answers: Answers, log: Log) {
        self.info = info
        self.answers = answers
        self.log = log
    }

    /// Somebody who opens it ten times a second costs two drawings.
    func draw(for person: Person) async {
        let isDrawn = drawing.withLock { drawing in
            defer { drawing[person.id] = drawing[person.id] != nil }
            return drawing[person.id] != nil
        }
        guard !isDrawn else { return }
        repeat { await drawOnce(person) } while mustDrawAgain(person)
    }

    func isDrawing(_ person: Person) -> Bool { drawing.withLock { $0[person.id] != nil } }

    private func mustDrawAgain(_ person: Person) -> Bool {
        drawing.withLock { drawing in
            guard drawing[person.id] == true else {
                drawing[person.id] = nil
                return false
            }
            drawing[person.id] = false
            return true
        }
    }

    private func drawOnce(_ person: Person) async {
        do throws(JournalError) {
            let page = try await info.home(for: person)
            // docs.slack.dev, "views.publish method"
            await answers.call("views.publish", ["user_id": .string(person.id), "view": HomeView(page).view])
        } catch {
            log.warning("the tab of \(person.id) could not be drawn: \(error)")
        }
    }
}
