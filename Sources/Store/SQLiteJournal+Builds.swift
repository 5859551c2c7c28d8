import Deploys
import struct Foundation.Date

extension SQLiteJournal {
    package func finishedBuild(of commit: CommitID, app: AppID) async throws(JournalError) -> Build? {
        try await reader.run { try BuildTable(database: $0).newestFinished(of: commit, app: app) }
    }

    package func beginBuild(
        of commit: CommitID, for operation: Operation, at now: Date
    ) async throws(JournalError) -> Build {
        try await writer.run { database in
            let operations = OperationTable(database: database)
            let builds = BuildTable(database: database)
            // After a crash the operation goes on with the build that it had begun.
            if let number = try operations.get(operation.id).buildNumber,
                let begun = try builds.find(number, of: operation.app),
                begun.images == nil, begun.commit == commit
            {
                return begun
            }
            let build = try builds.insertNext(of: commit, for: operation, at: now)
            try operations.setBuildNumber(build.number, of: operation.id)
            return build
        }
    }

    package func build(_ number: Int, of app: AppID) async throws(JournalError) -> Build? {
        try await reader.run { try BuildTable(database: $0).find(number, of: app) }
    }

    package func finishBuild(_ build: Build, at now: Date) async throws(JournalError) {
        try await writer.run { try BuildTable(database: $0).finish(build, at: now) }
    }

    package func reserveRelease(
        for operation: Operation, plan: ClusterPlan, at now: Date
    ) async throws(JournalError) -> Int {
        try await writer.run { database in
            let releases = ReleaseTable(database: database)
            if let known = try releases.number(of: operation.id) {
                // After an upgrade of ours in between, the same release may get other objects.
                try releases.keep(plan, of: operation.id)
                return known
            }
            let number = try releases.insertNext(for: operation, at: now)
            try releases.keep(plan, of: operation.id)
            try OperationTable(database: database).setReleaseNumber(number, of: operation.id)
            return number
        }
    }

    package func liveState(
        of app: AppID, in environment: EnvironmentName
    ) async throws(JournalError) -> DesiredState? {
        try await reader.run { try EnvironmentTable(database: $0).liveState(of: app, in: environment) }
    }

    package func desiredState(
        of app: AppID, in environment: EnvironmentName
    ) async throws(JournalError) -> DesiredState? {
        try await reader.run { try EnvironmentTable(database: $0).desiredState(of: app, in: environment) }
    }

    package func desiredState(inNamespace namespace: String) async throws(JournalError) -> DesiredState? {
        try await reader.run { try EnvironmentTable(database: $0).desiredState(inNamespace: namespace) }
    }

    package func currentRelease(
        of app: AppID, in environment: EnvironmentName
    ) async throws(JournalError) -> Int? {
        try await reader.run { try ReleaseTable(database: $0).current(of: app, in: environment) }
    }

    package func release(_ number: Int, of app: AppID) async throws(JournalError) -> Commit? {
        try await reader.run { database in
            guard let operation = try ReleaseTable(database: database).liveOperation(number, of: app)
            else { return nil }
            return try OperationTable(database: database).get(operation).commit
        }
    }
}

extension SQLiteJournal {
    package func keptImage(
        of app: AppID, appling: String?, _ fingerprint: BuildFingerprint
    ) async throws(JournalError) -> KeptImage? {
        try await reader.run { try KeptImageTable(database: $0).find(fingerprint, of: app, appling: appling) }
    }

    package func keep(_ image: KeptImage) async throws(JournalError) {
        try await writer.run { try KeptImageTable(database: $0).keep(image) }
    }
}
