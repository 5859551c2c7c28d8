import CResolver
import Foundation

/// Asks the machine's name servers. Each question is asked anew; nothing is remembered here.
///
/// Calls of the C library block, so they run on a bounded number of threads of their own.
package final class DNSResolver: Sendable {
    /// A server to ask instead of the machine's.
    package struct Server: Hashable, Sendable {
        /// An IPv4 address.
        package let address: String
        package let port: UInt16

        package init(address: String, port: UInt16) {
            self.address = address
            self.port = port
        }
    }

    package struct Limits: Sendable {
        /// How long each server is waited for the first time; twice as long the second time.
        package var trySeconds = 2
        package var tries = 2
        package var maxParallelQueries = 8
        package var maxWaitingQueries = 1_024
        package init() {}
    }

    /// Of one answer; nobody's name has more addresses.
    static let maxRecords = 64

    private let server: Server?
    private let limits: Limits
    private let threads = OperationQueue()

    /// - Parameter server: nil for those of `/etc/resolv.conf`.
    package init(server: Server? = nil, limits: Limits = Limits()) {
        self.server = server
        self.limits = limits
        threads.name = "dns"
        threads.maxConcurrentOperationCount = limits.maxParallelQueries
    }

    /// - Parameter name: fully qualified, in its `xn--` form, with or without a dot at its end.
    package func ask(_ kind: DNSRecord.Kind, of name: String) async throws(DNSError) -> DNSAnswer {
        guard threads.operationCount < limits.maxWaitingQueries else { throw .busy }
        let result: Result<DNSAnswer, DNSError> = await withCheckedContinuation { continuation in
            threads.addOperation { [server, limits] in
                continuation.resume(returning: Self.query(kind, name, server, limits))
            }
        }
        return try result.get()
    }

    private static func query(
        _ kind: DNSRecord.Kind, _ name: String, _ server: Server?, _ limits: Limits
    ) -> Result<DNSAnswer, DNSError> {
        guard !name.isEmpty, !name.utf8.contains(0) else { return .failure(.invalidName) }
        var records = [cresolver_record](repeating: cresolver_record(), count: maxRecords)
        var answer = cresolver_answer()
        let outcome = cresolver_query(
            server?.address, server?.port ?? 0, name, Int32(kind.rawValue), Int32(limits.trySeconds),
            Int32(limits.tries), &records, Int32(maxRecords), &answer)
        switch outcome {
        case CRESOLVER_ANSWERED: break
        case CRESOLVER_TIMED_OUT: return .failure(.timedOut)
        case CRESOLVER_UNREACHABLE: return .failure(.unreachable)
        case CRESOLVER_INVALID_NAME: return .failure(.invalidName)
        case CRESOLVER_MALFORMED: return .failure(.malformedAnswer)
        default: return .failure(.unusable)
        }
        // RFC 1035, section 4.1.1: 0 is no error, 3 a name that does not exist.
        guard answer.response_code == 0 || answer.response_code == 3 else {
            return .failure(.failed(responseCode: Int(answer.response_code)))
        }
        let known = records.prefix(Int(answer.count)).compactMap(DNSRecord.init)
        return .success(DNSAnswer(records: known, exists: answer.response_code == 0))
    }
}

extension DNSRecord {
    fileprivate init?(_ record: cresolver_record) {
        guard let kind = Kind(rawValue: Int(record.type)) else { return nil }
        let value = Self.text(record.value)
        self.init(
            name: Self.plain(Self.text(record.name)), kind: kind,
            value: kind == .a || kind == .aaaa ? value : Self.plain(value))
    }

    private static func plain(_ name: String) -> String {
        (name.hasSuffix(".") ? String(name.dropLast()) : name).lowercased()
    }

    /// C's arrays are tuples in Swift.
    private static func text<Bytes>(_ bytes: Bytes) -> String {
        withUnsafeBytes(of: bytes) { buffer in String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
