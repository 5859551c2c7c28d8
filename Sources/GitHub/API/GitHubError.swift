import Deploys
import Foundation
import HTTP
import JSON

/// Why a request of GitHub's API came to nothing. No sentence holds a token or a key.
package enum GitHubError: Error, Sendable, Equatable {
    /// 401. The token is wrong, revoked or expired; or the App's id and key don't belong together.
    /// `date` is what GitHub's clock said.
    case badCredentials(String, at: Date? = nil)
    /// 403. `missing` is the permission that would do, as in `checks=write`, when GitHub says which.
    case forbidden(missing: String?, String)
    /// 404, also for what we may not know of.
    case notFound(String)
    /// 409.
    case conflict(String)
    /// 422. What is wrong with the request, field by field.
    case invalid(String)
    /// 403 or 429. GitHub wants to hear nothing of us until then.
    case rateLimited(until: Date)
    /// 5xx.
    case failing(status: Int)
    /// There was no connection: nothing was done.
    case unreachable(String)
    /// No complete answer came: what was asked for may have been done.
    case unanswered(String)
    /// Any other status.
    case refused(status: Int, String)
    case malformed(String)
    /// The App is not installed there, or not for that repository; or there is no such repository.
    case notInstalled(String)
    /// The installation was suspended by whoever installed the App.
    case suspended(String)
    case cancelled

    /// Whether the same request may succeed later without anybody doing anything.
    package var isPassing: Bool {
        switch self {
        case .rateLimited, .failing, .unreachable, .unanswered: true
        default: false
        }
    }

    /// What happened and what to do, for people.
    package var sentence: String {
        switch self {
        case .badCredentials(let reason, _):
            "GitHub refuses our credentials (\(reason)). Check GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY_FILE, or "
                + "GITHUB_TOKEN."
        case .forbidden(let missing?, let reason):
            "GitHub does not allow it (\(reason)). Give the GitHub App or the token the permission \(missing), and "
                + "accept it for the installation."
        case .forbidden(nil, let reason): "GitHub does not allow it (\(reason))."
        case .notFound(let what): "GitHub knows no \(what), or Iterapp may not see it."
        case .conflict(let reason): "GitHub says that it does not fit what is there (\(reason))."
        case .invalid(let reason): "GitHub does not take the request (\(reason))."
        case .rateLimited(let date):
            "GitHub takes no more requests of this kind until \(date.formatted(.iso8601)), because there were too many."
        case .failing(let status): "GitHub has a problem of its own (status \(status))."
        case .unreachable(let reason): "GitHub can't be reached (\(reason))."
        case .unanswered(let reason): "GitHub does not answer (\(reason))."
        case .refused(let status, let reason): "GitHub answered with the status \(status) (\(reason))."
        case .malformed(let reason): "GitHub answered something unexpected: \(reason)."
        case .notInstalled(let sentence), .suspended(let sentence): sentence
        case .cancelled: "The request was cancelled."
        }
    }

    /// For whoever asked for a repository.
    package var sourceError: SourceError {
        switch self {
        case .badCredentials, .forbidden, .notInstalled, .suspended: .accessDenied(sentence)
        case .notFound: .noSuchRepository
        case .rateLimited, .failing, .unreachable, .unanswered: .unreachable(sentence)
        case .conflict, .invalid, .refused, .malformed: .broken(sentence)
        case .cancelled: .cancelled
        }
    }
}

extension GitHubError: CustomStringConvertible {
    package var description: String { sentence }
}

extension GitHubError {
    /// An answer with an error status.
    /// - Parameters:
    ///   - what: what was asked for, as in `repos/iterate/cats`.
    ///   - date: until when GitHub wants to be left alone; nil when it is not a matter of limits.
    ///   - secret: what was sent; an answer that repeats it is not shown with it.
    init(_ response: HTTPClientResponse, asking what: String, pausedUntil date: Date?, hiding secret: GitHubSecret) {
        let reason = Self.message(response).replacingEvery(secret.value, with: "•••")
        if let date {
            self = .rateLimited(until: date)
            return
        }
        switch response.status {
        case 401: self = .badCredentials(reason, at: GitHubTime.field(response.headers["Date"]))
        case 403: self = .forbidden(missing: Self.acceptedPermissions(response.headers), reason)
        case 404: self = .notFound(what)
        case 409: self = .conflict(reason)
        case 422: self = .invalid(reason)
        case 500...599: self = .failing(status: response.status)
        default: self = .refused(status: response.status, reason)
        }
    }

    init(_ error: HTTPClientError) {
        switch error {
        case .cancelled: self = .cancelled
        case .bodyTooLarge: self = .malformed("\(error)")
        case .cannotResolve, .cannotConnect, .untrusted: self = .unreachable("\(error)")
        case .timedOut, .broken: self = .unanswered("\(error)")
        }
    }

    static let maxMessageScalars = 300
    /// Of the fields that a 422 complains about.
    static let maxProblems = 5

    /// GitHub's own words, in one line (docs.github.com, "Troubleshooting the REST API").
    private static func message(_ response: HTTPClientResponse) -> String {
        let body = try? JSON.parse(response.body)
        var words = body?["message"]?.string ?? "status \(response.status)"
        let problems = (body?["errors"]?.array ?? []).prefix(maxProblems).compactMap(problem)
        if !problems.isEmpty { words += ": " + problems.joined(separator: "; ") }
        let line = words.unicodeScalars.prefix(maxMessageScalars).map { $0.properties.isWhitespace ? " " : $0 }
            .filter { $0.properties.generalCategory != .control && $0.properties.generalCategory != .format }
        var text = String(String.UnicodeScalarView(line))
        while text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// `{"resource":"CheckRun","field":"name","code":"missing_field"}`, one with a message, or a text.
    private static func problem(_ error: JSON) -> String? {
        if let text = error.string ?? error["message"]?.string { return text }
        guard let code = error["code"]?.string else { return nil }
        return (error["field"]?.string).map { "\($0) is \(code)" } ?? code
    }

    /// `checks=write`, or several ways with semicolons between (docs.github.com, "Choosing permissions for a
    /// GitHub App"); letters only, so that it can be shown.
    private static func acceptedPermissions(_ headers: HTTPHeaders) -> String? {
        guard let text = headers["X-Accepted-GitHub-Permissions"], !text.isEmpty,
            text.utf8.count <= maxMessageScalars,
            text.allSatisfy({ $0.isASCII && $0.isLetter || "_=,; ".contains($0) })
        else { return nil }
        return text.replacing(";", with: " or").replacing(",", with: " and ").replacing("  ", with: " ")
    }
}
