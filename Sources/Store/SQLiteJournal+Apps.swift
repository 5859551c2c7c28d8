import Deploys

extension SQLiteJournal {
    package func app(_ id: AppID) async throws(JournalError) -> App? {
        try await reader.run { try AppTable(database: $0).find(id) }
    }

    package func apps() async throws(JournalError) -> [App] {
        try await reader.run { try AppTable(database: $0).all() }
    }

    package func setDefaultEnvironment(
        _ environment: EnvironmentName?, of app: AppID
    ) async throws(JournalError) {
        try await writer.run { try AppTable(database: $0).setDefaultEnvironment(environment, of: app) }
    }
}
