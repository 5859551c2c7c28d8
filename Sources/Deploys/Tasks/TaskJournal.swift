import Foundation

/// The durable record of scheduled tasks that fail: of what people know already.
package protocol TaskJournal: Sendable {
    func toldTaskFailures() async throws(JournalError) -> [ToldTaskFailure]
    /// Writes down that people are told, with the notices that do; nothing when they were told before.
    func tell(
        _ failure: ToldTaskFailure, about operation: Operation, at now: Date, notices: [NoticeDraft]
    ) async throws(JournalError)
    /// Takes a task off the list.
    /// - Parameter operation: nil when there is nobody to tell: then there are no notices.
    func forgetTaskFailure(
        of task: ScheduledTask.ID, about operation: Operation?, notices: [NoticeDraft]
    ) async throws(JournalError)
}

/// A task that people know to fail.
package struct ToldTaskFailure: Hashable, Sendable {
    package let task: ScheduledTask.ID
    /// When the run began that they were told of.
    package let runAt: Date

    package init(_ task: ScheduledTask.ID, runAt: Date) {
        self.task = task
        self.runAt = runAt
    }
}
