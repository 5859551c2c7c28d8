import Foundation

/// Pages with the text that says the same.
extension InfoDesk {
    func answerApps(for reader: Person) async -> Answer {
        await answer { () async throws(JournalError) in
            let list = try await apps(for: reader)
            return Answer(.information, StatusWords.list(list, now: now()), page: .apps(list))
        }
    }

    func answerStatus(for reader: Person) async -> Answer {
        await answer { () async throws(JournalError) in
            let list = try await ownApps(for: reader)
            guard list.apps.count == 1, let app = list.apps.first else {
                return Answer(.information, StatusWords.list(list, now: now()), page: .apps(list))
            }
            return answer(app)
        }
    }

    /// Nil when it is not registered.
    func answer(status app: AppID) async -> Answer? {
        do throws(JournalError) {
            return try await status(of: app).map { answer($0) }
        } catch {
            return Self.unavailable
        }
    }

    func answer(help topic: Verb?, for reader: Person) async -> Answer {
        let page = await help(topic, for: reader)
        return Answer(.information, CommandHelp.text(page, now: now()), page: .help(page))
    }

    private func answer(_ status: AppStatus) -> Answer {
        Answer(.information, StatusWords.status(status, now: now()), page: .status(status))
    }

    private static let unavailable = Answer(.unavailable, StatusWords.unavailable)

    private func answer(_ body: () async throws(JournalError) -> Answer) async -> Answer {
        do throws(JournalError) { return try await body() } catch { return Self.unavailable }
    }
}
