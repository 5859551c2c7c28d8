import Deploys
import Dispatch
import Foundation
import HTTP

/// The page behind "Open log": how an operation goes, and what its build prints, while it does.
package struct LogPage: Sendable {
    /// Of the page without a script: of the ends of all logs together.
    static let maxShownBytes = 1 << 20
    /// While that page loads itself again.
    static let maxShownBytesWhileRunning = 256 << 10
    /// How many may follow logs at once.
    package static let maxStreams = 256
    static let retrySeconds = 10

    /// Drawing takes its time: not on the threads that everybody shares.
    private static let queue = DispatchQueue(label: "iterapp.log-pages")

    let links: LogLinks
    let source: LogSource
    let label: @Sendable (AppID) -> String
    let streams: LogStreamPlaces

    /// - Parameters:
    ///   - news: fired when an operation may have changed.
    ///   - label: what people call an app.
    package init(
        links: LogLinks, journal: any Journal & ReportReader, logs: any BuildLogReader, mask: SecretMask, news: Signal,
        label: @escaping @Sendable (AppID) -> String, now: @escaping @Sendable () -> Date,
        maxStreams: Int = LogPage.maxStreams
    ) {
        self.links = links
        self.label = label
        source = LogSource(journal: journal, reports: journal, logs: logs, mask: mask, news: news, now: now)
        streams = LogStreamPlaces(maxPlaces: maxStreams)
    }

    /// Nil for a path that is not a log page's.
    package func answer(_ request: HTTPRequest) async -> HTTPResponse? {
        guard request.path.hasPrefix("/operations/") else { return nil }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .text(405, "Only GET is answered here.\n")
        }
        if let asset = LogAssets.answer(request.path) { return asset }
        guard let address = LogAddress(request.path) else {
            return sentence(404, "There is no such page.")
        }
        let verdict = address.link.map { links.judge($0, to: address.operation, now: source.now()) } ?? .foreign
        switch verdict {
        case .holds: break
        case .expired:
            return sentence(410, "This link held for 30 days, and holds no more. Take a newer one from Slack.")
        case .foreign: return sentence(404, "This link does not hold. Take the one from the message in Slack.")
        }
        do throws(JournalError) {
            guard let operation = try await source.journal.operation(address.operation) else {
                return sentence(404, "This operation is not in the journal any more.")
            }
            return try await answer(request, address, operation)
        } catch {
            return sentence(503, "The journal can't be read just now. Load the page again in a minute.")
        }
    }

    private func answer(
        _ request: HTTPRequest, _ address: LogAddress, _ operation: Deploys.Operation
    ) async throws(JournalError) -> HTTPResponse {
        switch address.part {
        case .raw: await RawLog(operation, source.logs, request).answer()
        case .events: events(request, operation.id)
        case .page where PageQuery.fields(request)["plain"] != nil: await plain(address, operation)
        case .page: try await page(address, operation)
        }
    }

    // MARK: The page

    private func page(
        _ address: LogAddress, _ operation: Deploys.Operation
    ) async throws(JournalError) -> HTTPResponse {
        let report = try await source.reports.report(on: operation.id)
        var names: [String] = []
        if let build = operation.buildNumber {
            names = await source.logs.logs(of: operation.app, build: build).map { $0.appling ?? "" }
        }
        let view = OperationView(operation: operation, report: report, logs: names, mask: source.mask).json
        let page = LogPageHTML(
            title: OperationWords.title(operation, label(operation.app)),
            environment: OperationWords.environment(operation), base: address.page, view: view, person: nil)
        return html(200, page.text, policy: Self.scriptPolicy)
    }

    private static let scriptPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        + "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    private static let plainPolicy = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'"

    private func html(_ status: Int, _ text: String, policy: String = LogPage.plainPolicy) -> HTTPResponse {
        var headers = PageHeaders.common
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers["Content-Security-Policy"] = policy
        return HTTPResponse(status: status, headers: headers, body: .bytes(Array(text.utf8)))
    }

    private func sentence(_ status: Int, _ words: String) -> HTTPResponse {
        html(status, PlainLogHTML.notHere(words).text)
    }

    /// For browsers without scripts.
    private func plain(_ address: LogAddress, _ operation: Deploys.Operation) async -> HTTPResponse {
        var excerpts: [PlainLogHTML.Excerpt] = []
        if let build = operation.buildNumber {
            let all = await source.logs.logs(of: operation.app, build: build)
            let maxBytes = operation.isFinished ? Self.maxShownBytes : Self.maxShownBytesWhileRunning
            for log in all {
                guard let end = await source.logs.end(of: log, maxBytes: maxBytes / all.count) else { continue }
                excerpts.append(.init(title: log.appling, text: end.text, isCut: end.isCut))
            }
        }
        let (label, mask, found) = (label(operation.app), source.mask, excerpts)
        return await withCheckedContinuation { continuation in
            Self.queue.async {
                let page = PlainLogHTML(operation, label: label, base: address.page, excerpts: found, mask: mask)
                continuation.resume(returning: html(200, page.text))
            }
        }
    }

    // MARK: Events

    private func events(_ request: HTTPRequest, _ operation: OperationID) -> HTTPResponse {
        guard let place = streams.take() else {
            var answer = HTTPResponse.text(503, "So many people follow logs already that there is no room for more.\n")
            answer.headers["Retry-After"] = "\(Self.retrySeconds)"
            return answer
        }
        let told = request.headers["Last-Event-ID"] ?? PageQuery.fields(request)["at"]
        let follower = LogFollower(operation, source, from: told.flatMap(LogPosition.init), place)
        var headers = PageHeaders.common
        headers["Content-Type"] = "text/event-stream"
        headers["Cache-Control"] = "no-store, no-transform"
        // nginx would keep events back until it has enough of them.
        headers["X-Accel-Buffering"] = "no"
        return HTTPResponse(
            status: 200, headers: headers, body: .stream(AsyncThrowingStream { try await follower.next() }))
    }
}
