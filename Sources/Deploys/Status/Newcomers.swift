import Foundation
import Synchronization

/// Tells who has not used the bot before. The journal remembers it; what is kept here spares asking it at each
/// command.
package final class Newcomers: Sendable {
    private let journal: any StatusJournal
    private let known = Mutex<Set<String>>([])

    static let maxKnownPeople = 10_000

    init(journal: any StatusJournal) { self.journal = journal }

    /// Whether somebody is known to be none. Does not ask the journal.
    func knows(_ person: Person) -> Bool { known.withLock { $0.contains(person.id) } }

    /// Whether this is the first time that somebody is met. No when that can't be written down: better no hint than one
    /// with each command.
    func meet(_ person: Person, at now: Date) async -> Bool {
        guard !known.withLock({ $0.contains(person.id) }) else { return false }
        var isFirst = false
        do throws(JournalError) {
            if try await !journal.hasMet(person.id) { isFirst = try await journal.meet(person.id, at: now) }
        } catch { return false }
        known.withLock { known in
            if known.count >= Self.maxKnownPeople { known = [] }
            known.insert(person.id)
        }
        return isFirst
    }
}
