import Deploys
import HTTP
import JSON

/// One request of the REST API, without its server and credentials.
package struct GitHubCall: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST", patch = "PATCH", delete = "DELETE" }

    package var method: Method
    /// Begins with a slash; its parts are escaped already.
    package var path: String
    package var query: [(name: String, value: String)] = []
    package var body: JSON?
    /// Whether it does no harm to ask twice for what is wanted once, as after an answer that was lost on its
    /// way.
    package var mayBeRepeated: Bool
    /// What an earlier answer was marked with: the answer is then `isNotModified` if nothing has changed
    /// since.
    package var knownTag: String?

    package init(
        _ method: Method, _ path: String, query: [(name: String, value: String)] = [], body: JSON? = nil,
        mayBeRepeated: Bool? = nil, knownTag: String? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.mayBeRepeated = mayBeRepeated ?? (method != .post)
        self.knownTag = knownTag
    }

    /// - Parameter path: behind the repository's own, without a slash at its beginning: `check-runs`.
    package static func path(of app: AppID, _ path: String = "") -> String {
        "/repos/\(app.organisation)/\(app.name)" + (path.isEmpty ? "" : "/" + path)
    }

    /// Percent-encodes all but RFC 3986's unreserved characters (section 2.3): right in a segment of a path
    /// and in a query.
    package static func escape(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return escaped
    }

    /// Asking for a token writes nothing down.
    var changesContent: Bool { method != .get && !path.hasPrefix("/app/") }

    /// The path with the query.
    var target: String {
        guard !query.isEmpty else { return path }
        return path + "?" + query.map { "\(Self.escape($0.name))=\(Self.escape($0.value))" }.joined(separator: "&")
    }
}

/// An answer with a status of 200 to 299, or 304.
package struct GitHubAnswer: Sendable {
    package let status: Int
    package let headers: HTTPHeaders
    package let body: [UInt8]
    /// Who answered in the end, after redirects.
    let url: String

    /// Of a call with a `knownTag` only.
    package var isNotModified: Bool { status == 304 }
    /// What to give as `knownTag` next time.
    package var tag: String? { headers["ETag"] }

    package func json() throws(GitHubError) -> JSON {
        do throws(JSONError) { return try JSON.parse(body) } catch {
            throw .malformed("an answer is not JSON (\(error))")
        }
    }

    /// The next page (docs.github.com, "Using pagination in the REST API"; RFC 8288); nil on the last one.
    var nextPage: String? {
        for link in headers.all("Link").flatMap({ $0.split(separator: ",") }) {
            let parts = link.split(separator: ";").map { $0.drop { $0 == " " } }
            guard let target = parts.first, target.hasPrefix("<"), target.hasSuffix(">"),
                parts.dropFirst().contains(where: { $0 == #"rel="next""# || $0 == "rel=next" })
            else { continue }
            return String(target.dropFirst().dropLast())
        }
        return nil
    }
}
