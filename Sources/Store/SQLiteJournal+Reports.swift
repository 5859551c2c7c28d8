import Deploys
import SQLite

extension SQLiteJournal: ReportReader {
    package func report(on operation: OperationID) async throws(JournalError) -> Report? {
        try await reader.run { try ReportTable(database: $0).find(operation) }
    }
}
