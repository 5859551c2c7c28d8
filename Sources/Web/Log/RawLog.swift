import Deploys
import Foundation
import HTTP

/// A log as text, all of it: `?appling=web`, and `&colours` to keep its colours.
struct RawLog {
    let operation: Deploys.Operation
    let logs: any BuildLogReader
    private let query: [String: String]
    private let acceptsGzip: Bool

    static let maxPieceBytes = 64 << 10

    init(_ operation: Deploys.Operation, _ logs: any BuildLogReader, _ request: HTTPRequest) {
        self.operation = operation
        self.logs = logs
        query = PageQuery.fields(request)
        acceptsGzip = Self.acceptsGzip(request.headers["Accept-Encoding"] ?? "")
    }

    /// RFC 9110, section 12.5.3, as far as gzip is concerned.
    static func acceptsGzip(_ field: String) -> Bool {
        field.split(separator: ",").contains { item in
            let parts = item.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            let isRefused = parts.dropFirst().contains { $0.wholeMatch(of: #/q=0(\.0*)?/#) != nil }
            return ["gzip", "x-gzip", "*"].contains(parts.first ?? "") && !isRefused
        }
    }

    func answer() async -> HTTPResponse {
        guard let build = operation.buildNumber else { return .text(404, "Nothing was built.\n") }
        let all = await logs.logs(of: operation.app, build: build)
        guard let log = named(all) else {
            if all.isEmpty { return .text(404, "The log of this build is not here, or no longer.\n") }
            let names = all.compactMap(\.appling).map { "?appling=\($0)" }.joined(separator: ", ")
            return .text(404, "This build has other logs: \(names)\n")
        }
        let keepsColours = query["colours"] != nil
        if keepsColours, acceptsGzip, let packed = await logs.openCompressed(log) {
            return stream(log, packed, isPacked: true, keepsColours: true)
        }
        do throws(LogsBusy) {
            guard let open = try await logs.open(log, at: 0) else {
                return .text(404, "The log of this build is no longer kept.\n")
            }
            return stream(log, open, isPacked: false, keepsColours: keepsColours)
        } catch {
            var answer = HTTPResponse.text(503, "Many logs are being read just now. Try again in a moment.\n")
            answer.headers["Retry-After"] = "5"
            return answer
        }
    }

    /// The only one needs no name.
    private func named(_ all: [LogReference]) -> LogReference? {
        guard let name = query["appling"] else { return all.count == 1 ? all[0] : all.first { $0.appling == nil } }
        return all.first { ($0.appling ?? "") == name }
    }

    private func stream(
        _ log: LogReference, _ open: any OpenLog, isPacked: Bool, keepsColours: Bool
    ) -> HTTPResponse {
        let stream = AsyncThrowingStream<[UInt8], any Error> {
            let bytes = await open.read(maxBytes: Self.maxPieceBytes)
            guard !bytes.isEmpty else { return nil }
            return keepsColours ? bytes : LogText.plain(bytes)
        }
        var headers = PageHeaders.common
        headers["Content-Type"] = "text/plain; charset=utf-8"
        headers["Content-Disposition"] = "inline; filename=\"\(fileName(log))\""
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        headers["Vary"] = "Accept-Encoding"
        if isPacked { headers["Content-Encoding"] = "gzip" }
        return HTTPResponse(status: 200, headers: headers, body: .stream(stream))
    }

    private func fileName(_ log: LogReference) -> String {
        let name = log.app.name + (log.appling.map { "-\($0)" } ?? "") + "-build-\(log.build).log"
        return String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
    }
}

/// What stands behind the `?` of a page's address.
enum PageQuery {
    /// Of fields with one name, the first.
    static func fields(_ request: HTTPRequest) -> [String: String] {
        let items = (request.query ?? "").split(separator: "&").map { item in
            let halves = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(halves[0]), halves.count > 1 ? decoded(halves[1]) : "")
        }
        return Dictionary(items) { first, _ in first }
    }

    private static func decoded(_ text: Substring) -> String {
        text.replacing("+", with: " ").removingPercentEncoding ?? ""
    }
}

enum PageHeaders {
    /// The address is a secret, and what it shows is nobody else's.
    static let common: HTTPHeaders = [
        "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    ]
}
