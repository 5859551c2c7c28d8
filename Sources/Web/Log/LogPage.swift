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
    /// Nil when nobody can sign in.
    let signIn: SignInPages?

    /// - Parameters:
    ///   - news: fired when an operation may have changed.
    ///   - label: what people call an app.
    ///   - signIn: nil when links alone let people in.
    package init(
        links: LogLinks, journal: any Journal & ReportReader, logs: any BuildLogReader, mask: SecretMask, news: Signal,
        label: @escaping @Sendable (AppID) -> String, now: @escaping @Sendable () -> Date,
        signIn: SignInPages? = nil, maxStreams: Int = LogPage.maxStreams
    ) {
        self.signIn = signIn
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
        let person = signIn?.person(request)
        if let refusal = refusal(address, isSignedIn: person != nil) { return refusal }
        do throws(JournalError) {
            guard let operation = try await source.journal.operation(address.operation) else {
                return sentence(404, "This operation is not in the journal any more.")
            }
            return try await answer(request, address, operation, person)
        } catch {
            return sentence(503, "The journal can't be read just now. Load the page again in a minute.")
        }
    }

    /// Nil for whoever may see it: people with a link that holds, and people who have signed in.
    private func refusal(_ address: LogAddress, isSignedIn: Bool) -> HTTPResponse? {
        let verdict = address.link.map { links.judge($0, to: address.operation, now: source.now()) }
        switch verdict {
        case .holds: return nil
        case nil where isSignedIn: return nil
        case .expired where isSignedIn, .foreign where isSignedIn:
            var headers = PageHeaders.common
            headers["Location"] = LogAddress(address.operation, address.part).path
            return HTTPResponse(status: 303, headers: headers)
        case .expired:
            return sentence(410, "This link held for 30 days, and holds no more. \(elsewhere)", signInTo: address)
        case nil where signIn != nil:
            return sentence(403, "People of the Slack workspace can read this log.", signInTo: address)
        case .foreign, nil: return sentence(404, "This link does not hold. \(elsewhere)", signInTo: address)
        }
    }

    private var elsewhere: String {
        "Take a newer one from the message in Slack" + (signIn == nil ? "." : ", or sign in.")
    }

    private func answer(
        _ request: HTTPRequest, _ address: LogAddress, _ operation: Deploys.Operation, _ person: Person?
    ) async throws(JournalError) -> HTTPResponse {
        switch address.part {
        case .raw: await RawLog(operation, source.logs, request).answer()
        case .events: events(request, operation.id)
        case .page where PageQuery.fields(request)["plain"] != nil: await plain(address, operation)
        case .page: try await page(address, operation, address.link == nil ? person : nil)
        }
    }

    // MARK: The page

    private func page(
        _ address: LogAddress, _ operation: Deploys.Operation, _ person: Person?
    ) async throws(JournalError) -> HTTPResponse {
        let report = try await source.reports.report(on: operation.id)
        var (names, round) = ([String](), LogPosition(build: 0, generation: 0).round)
        if let build = operation.buildNumber {
            names = await source.logs.logs(of: operation.app, build: build).map { $0.appling ?? "" }
            let generation = source.logs.generation(of: operation.app, build: build)
            round = LogPosition(build: build, generation: generation).round
        }
        let view = OperationView(
            operation: operation, report: report, logs: names, round: round, mask: source.mask
        ).json
        let page = LogPageHTML(
            title: OperationWords.title(operation, label(operation.app)),
            environment: OperationWords.environment(operation), base: address.page, view: view, person: person?.name)
        return html(200, page.text, policy: Self.scriptPolicy)
    }

    private static let scriptPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        + "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    private func html(_ status: Int, _ text: String, policy: String = SentencePage.policy) -> HTTPResponse {
        var headers = PageHeaders.common
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers["Content-Security-Policy"] = policy
        return HTTPResponse(status: status, headers: headers, body: .bytes(Array(text.utf8)))
    }

    private func sentence(_ status: Int, _ words: String, signInTo address: LogAddress? = nil) -> HTTPResponse {
        let title = switch status {
        case 403: "Who are you?"
        case 503: "Not just now"
        default: "No log here"
        }
        var page = SentencePage(title: title, words: words)
        if signIn != nil, let address {
            let target = LogAddress(address.operation, .page).path
            page.offer = .init(text: "Sign in with Slack", address: SignInPages.address(backTo: target))
        }
        return page.answer(status)
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
