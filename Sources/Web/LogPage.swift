import Deploys
import Dispatch
import Foundation
import HTTP

/// The page behind "Open log": what an operation's build printed.
package struct LogPage: Sendable {
    /// Of the ends of all logs together.
    static let maxShownBytes = 2 << 20
    /// While the page loads itself again.
    static let maxShownBytesWhileRunning = 256 << 10

    /// Drawing takes its time: not on the threads that everybody shares.
    private static let queue = DispatchQueue(label: "iterapp.log-pages")

    let links: LogLinks
    let journal: any Journal
    let logs: any BuildLogReader
    let mask: SecretMask
    let label: @Sendable (AppID) -> String
    let now: @Sendable () -> Date

    package init(
        links: LogLinks, journal: any Journal, logs: any BuildLogReader, mask: SecretMask,
        label: @escaping @Sendable (AppID) -> String, now: @escaping @Sendable () -> Date
    ) {
        self.links = links
        self.journal = journal
        self.logs = logs
        self.mask = mask
        self.label = label
        self.now = now
    }

    /// Nil for a path that is not a log page's.
    package func answer(_ request: HTTPRequest) async -> HTTPResponse? {
        guard request.path.hasPrefix("/operations/") else { return nil }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .text(405, "Only GET is answered here.\n")
        }
        guard let id = links.operation(at: request.path, now: now()) else {
            return html(404, .notHere("This link does not hold, or no more. Take a newer one from Slack."))
        }
        do throws(JournalError) {
            guard let operation = try await journal.operation(id) else {
                return html(404, .notHere("This operation is not in the journal any more."))
            }
            return await page(of: operation, await excerpts(of: operation))
        } catch {
            return html(503, .notHere("The journal can't be read just now. Load the page again in a minute."))
        }
    }

    private func excerpts(of operation: Deploys.Operation) async -> [LogPageHTML.Excerpt] {
        guard let number = operation.buildNumber else { return [] }
        var excerpts: [LogPageHTML.Excerpt] = []
        let all = await logs.logs(of: operation.app, build: number)
        let maxBytes = operation.isFinished ? Self.maxShownBytes : Self.maxShownBytesWhileRunning
        for log in all {
            guard let end = await logs.end(of: log, maxBytes: maxBytes / all.count) else { continue }
            excerpts.append(.init(title: log.appling, text: end.text, isCut: end.isCut))
        }
        return excerpts
    }

    private func page(of operation: Deploys.Operation, _ excerpts: [LogPageHTML.Excerpt]) async -> HTTPResponse {
        let (label, mask) = (label(operation.app), mask)
        return await withCheckedContinuation { continuation in
            Self.queue.async {
                let page = LogPageHTML(operation, label: label, excerpts: excerpts, mask: mask)
                continuation.resume(returning: html(200, page))
            }
        }
    }

    private func html(_ status: Int, _ page: LogPageHTML) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: [
                "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            ], body: .bytes(Array(page.text.utf8)))
    }
}
