import Deploys
import struct Foundation.Date
import SQLite

extension SQLiteJournal: TaskJournal {
    package func toldTaskFailures() async throws(JournalError) -> [ToldTaskFailure] {
        try await reader.run { try TaskFailureTable(database: $0).all() }
    }

    package func tell(
        _ failure: ToldTaskFailure, about operation: Operation, at now: Date, notices: [NoticeDraft]
    ) async throws(JournalError) {
        try await writer.run { database in
            // Repeated after an acknowledgement that got lost.
            guard try TaskFailureTable(database: database).insert(failure, at: now) else { return }
            try NoticeTable(database: database).write(notices, about: operation, at: now)
        }
    }

    package func forgetTaskFailure(
        of task: ScheduledTask.ID, about operation: Operation?, notices: [NoticeDraft]
    ) async throws(JournalError) {
        let now = now()
        try await writer.run { database in
            guard try TaskFailureTable(database: database).remove(task), let operation else { return }
            try NoticeTable(database: database).write(notices, about: operation, at: now)
        }
    }
}
