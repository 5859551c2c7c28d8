/// Small facts that an adapter learned from the outside world, and wants to know at the next start before that world
/// answers.
package protocol Keepsakes: Sendable {
    /// Nil when nothing was kept under this name.
    func keepsake(_ name: String) async throws(JournalError) -> String?
    /// On disk when it returns; replaces what was kept under this name.
    func keep(_ text: String, as name: String) async throws(JournalError)
}
