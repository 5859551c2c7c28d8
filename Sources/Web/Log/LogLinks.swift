import Crypto
import Deploys
import Foundation

/// Addresses of log pages that nobody can guess, and that hold for a while: `/operations/12/{until}-{code}`.
package struct LogLinks: Sendable {
    /// How long a link holds after its operation was asked for.
    static let maxAgeSeconds: TimeInterval = 30 * 24 * 3_600

    enum Verdict: Equatable {
        case holds
        /// It was made here, and held until now.
        case expired
        case foreign
    }

    private let key: HMACKey
    private let publicURL: String?

    /// - Parameters:
    ///   - secret: whoever knows it can make links.
    ///   - publicURL: without a slash at its end; nil when no links are wanted.
    package init(secret: String, publicURL: String?) {
        key = HMACKey(Array("log page:\(secret)".utf8))
        self.publicURL = publicURL
    }

    package func url(of operation: Deploys.Operation) -> String? {
        publicURL.map { $0 + path(of: operation) }
    }

    /// The same for the same operation, however often it is asked for.
    func path(of operation: Deploys.Operation) -> String {
        let until = Int64((operation.createdAt.timeIntervalSince1970 + Self.maxAgeSeconds).rounded())
        return "/operations/\(operation.id)/\(until)-\(code(operation.id, until))"
    }

    /// - Parameter link: `{until}-{code}`
    func judge(_ link: String, to operation: OperationID, now: Date) -> Verdict {
        let halves = link.split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count == 2, let until = Int64(halves[0]),
            constantTimeEquals(Array(halves[1].utf8), Array(code(operation, until).utf8))
        else { return .foreign }
        return now.timeIntervalSince1970 <= Double(until) ? .holds : .expired
    }

    private func code(_ operation: OperationID, _ until: Int64) -> String {
        hex(Array(key.authenticate(Array("\(operation):\(until)".utf8)).prefix(16)))
    }
}
