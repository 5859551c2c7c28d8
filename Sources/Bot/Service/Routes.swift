import Deploys
import Foundation
import HTTP

/// Every URL of the bot.
struct Routes: Sendable {
    let parts: ServiceParts
    let state: ServiceState

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        if let answer = await parts.slack.routes.answer(request) { return answer }
        if let answer = await parts.pushes.webhooks?.answer(request) { return answer }
        if let answer = await parts.logPage.answer(request) { return answer }
        if let answer = await parts.encryptPage.answer(request) { return answer }
        if let answer = await parts.signIn?.answer(request) { return answer }
        guard request.method == "GET" || request.method == "HEAD" else { return .text(404, "There is nothing here.\n") }
        switch request.path {
        case "/": return .text(200, "Iterapp runs. Its home is the chat.\n")
        case "/healthz": return .text(200, "ok\n")
        case "/readyz": return await ready()
        case "/metrics": return await metrics()
        default: return .text(404, "There is nothing here.\n")
        }
    }

    private static let stalled = "what is asked for is refused: the disk does not answer"
    /// Whoever watches the service waits no longer.
    private static let patience = WaitLimit(.seconds(1))

    /// Nil when the disk does not answer in time.
    private func statistics() async throws(JournalError) -> JournalStatistics? {
        let work = Task { [journal = parts.basics.journal] () async -> Result<JournalStatistics, JournalError> in
            do throws(JournalError) { return .success(try await journal.statistics()) } catch { return .failure(error) }
        }
        return try await Self.patience.result(of: work)?.get()
    }

    private func ready() async -> HTTPResponse {
        if state.isStopping { return .text(503, "stopping\n") }
        do throws(JournalError) {
            guard let journal = try await statistics() else {
                // Whoever asks for something gets a clear answer; a proxy would have none.
                return Readiness(lease: parts.work.lease.state, remarks: [Self.stalled]).answer
            }
            let words = DeliveryWords(journal: journal, now: parts.basics.now())
            let commits = await parts.commits.figures(journal)?.lines(now: parts.basics.now()) ?? []
            let space = parts.basics.room.isThere
                ? [] : ["no new work is taken: the disk has less than its reserve left"]
            let disk = space + (parts.basics.disk.figures.isStalled ? [Self.stalled] : [])
            return Readiness(lease: parts.work.lease.state, remarks: words.lines + commits + disk).answer
        } catch {
            return .text(503, "the journal can't be used: \(error)\n")
        }
    }

    private func metrics() async -> HTTPResponse {
        let journal = try? await statistics()
        let commits = await parts.commits.figures(journal)
        let text = MetricsPage(
            journal: journal, server: state.server?.statistics, deliveries: parts.slack.courier.counts.current,
            holdsLease: parts.work.lease.state == .held, now: Date.now,
            slackRequests: parts.slack.routes.tally.all.map { ($0.kind.rawValue, $0.count) },
            webhooks: parts.pushes.webhooks?.tally.all ?? [], commits: commits,
            state: parts.basics.disk.figures, logBytes: parts.basics.buildLogs.bytes, removed: parts.housekeeper.figures
        ).text
        return HTTPResponse(
            status: 200,
            headers: ["Content-Type": "application/openmetrics-text; version=1.0.0; charset=utf-8"],
            body: .bytes(Array(text.utf8)))
    }
}
