import Foundation

/// Which events of the workspace were answered: one that is delivered again is not answered again. (What changes
/// something is remembered with the operation that it became, in one transaction.)
package protocol SeenEvents: Sendable {
    func wasSeen(_ eventID: String) async throws(JournalError) -> Bool
    /// On disk when it returns, and kept for longer than anybody delivers an event again.
    func remember(_ eventID: String, at now: Date) async throws(JournalError)
}
