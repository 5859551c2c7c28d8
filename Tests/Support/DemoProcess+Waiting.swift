import Foundation

/// Waiting for what the demo writes into its files.
extension DemoProcess {
    /// Waits for a line of the demo's own log, or another one.
    package func waitForLog(
        _ words: String, or others: String? = nil, atMost limit: Duration = .seconds(30)
    ) async throws {
        try await wait("the log to say “\(words)”", atMost: limit) {
            log.contains(words) || others.map(log.contains) == true
        }
    }

    /// Waits for a line of the newest build's log.
    package func waitForBuildLog(_ words: String, app: String, atMost limit: Duration = .seconds(30)) async throws {
        let folder = directory.appending(path: "state/logs/iterate/\(app)")
        try await wait("a build of \(app) to say “\(words)”", atMost: limit) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            let newest = names.max { $0.localizedStandardCompare($1) == .orderedAscending }
            let text = newest.flatMap { try? String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
            return text?.contains(words) ?? false
        }
    }

    package func waitForPage(_ host: String, _ wanted: String, atMost limit: Duration = .seconds(30)) async throws {
        try await wait("\(host) to answer", atMost: limit) { await page(host) == wanted }
    }

    private func wait(_ what: String, atMost limit: Duration, until condition: () async -> Bool) async throws {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if await condition() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw TestFailure("waited in vain for \(what). The log:\n\(log.suffix(4_000))")
    }
}
