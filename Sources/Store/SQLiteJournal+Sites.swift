import Deploys
import struct Foundation.Date

extension ReleaseTable {
    fileprivate func operation(of number: Int, app: AppID) throws -> OperationID? {
        try database.run(
            "SELECT operation FROM releases WHERE app = ? AND number = ?", [.text(app.key), .integer(number)]
        ).first.map { OperationID($0.integer("operation")) }
    }
}

extension SQLiteJournal: SiteJournal {
    package func siteWatches(dueAt now: Date, atMost maxCount: Int) async throws(JournalError) -> [SiteWatch] {
        try await reader.run { try SiteWatchTable(database: $0).due(at: now, atMost: maxCount) }
    }

    package func keep(_ watch: SiteWatch, notices: [NoticeDraft]) async throws(JournalError) {
        let now = now()
        try await writer.run { database in
            guard try SiteWatchTable(database: database).update(watch) else { return }
            try StatusTable(database: database).update(watch.report)
            try NoticeTable(database: database).write(notices, about: watch.report.operation, at: now)
        }
    }

    package func end(_ watch: SiteWatch, notices: [NoticeDraft]) async throws(JournalError) {
        let now = now()
        try await writer.run { database in
            guard try SiteWatchTable(database: database).remove(watch) else { return }
            for case .live(let report) in notices { try StatusTable(database: database).update(report) }
            try NoticeTable(database: database).write(notices, about: watch.report.operation, at: now)
        }
    }

    package func operation(serving namespace: String) async throws(JournalError) -> Operation? {
        try await reader.run { database in
            guard let state = try EnvironmentTable(database: database).desiredState(inNamespace: namespace),
                let operation = try ReleaseTable(database: database).operation(of: state.release, app: state.app)
            else { return nil }
            return try OperationTable(database: database).find(operation)
        }
    }

    package func toldTroubles() async throws(JournalError) -> [ToldTrouble] {
        try await reader.run { try CertificateTroubleTable(database: $0).all() }
    }

    package func tell(
        _ troubles: [ToldTrouble], about operation: Operation, at now: Date, notices: [NoticeDraft]
    ) async throws(JournalError) {
        try await writer.run { database in
            let table = CertificateTroubleTable(database: database)
            var isNew = false
            for trouble in troubles { isNew = try table.insert(trouble, at: now) || isNew }
            // Repeated after an acknowledgement that got lost.
            guard isNew else { return }
            try NoticeTable(database: database).write(notices, about: operation, at: now)
        }
    }

    package func forgetTroubles(
        of certificate: CertificateName, about operation: Operation?, notices: [NoticeDraft]
    ) async throws(JournalError) {
        let now = now()
        try await writer.run { database in
            guard try CertificateTroubleTable(database: database).remove(of: certificate), let operation else { return }
            try NoticeTable(database: database).write(notices, about: operation, at: now)
        }
    }
}
