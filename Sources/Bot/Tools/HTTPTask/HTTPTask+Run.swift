import Deploys
import HTTP

extension HTTPTask {
    /// Makes the request, logs one line about it, and tells whether it succeeded. SIGTERM ends it at once.
    /// - Parameters:
    ///   - method: GET when nil.
    ///   - headersFile: one `Name: value` a line; nil for none.
    package static func run(url: String, method: String?, headersFile: String?) async throws -> Bool {
        let signals = try TerminationSignals()
        let method = try Self.method(method ?? "GET")
        let url = try TaskURL(url)
        let headers = try headersFile.map { try HeaderFile(path: $0).read() } ?? [:]
        let work = Task { await HTTPTask(method, url, headers: headers).run() }
        let watch = Task {
            await signals.wait()
            work.cancel()
        }
        let outcome = await work.value
        watch.cancel()
        let log = Log.standardError
        outcome.isFailure ? log.error(outcome.line) : log.info(outcome.line)
        return !outcome.isFailure
    }

    /// Methods are compared as they are written (RFC 9110, section 9.1), and none that exists has lower-case letters.
    private static func method(_ text: String) throws(WrongUsage) -> String {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) || $0 == UInt8(ascii: "-") }) else {
            throw WrongUsage("--method must be a method in capital letters, such as POST.")
        }
        return text
    }
}
