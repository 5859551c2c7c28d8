import CCurl
import Glibc

/// What can go wrong before an answer is there. An answer with any status is no error.
///
/// Neither header values nor URLs appear in it: both may hold secrets.
package enum HTTPClientError: Error, Sendable, Equatable {
    case cannotResolve(host: String)
    case cannotConnect(reason: String)
    case timedOut
    /// The peer's certificate does not hold, or ours cannot be used; `reason` is OpenSSL's sentence.
    case untrusted(reason: String)
    case bodyTooLarge(limit: Int)
    case broken(reason: String)
    case cancelled
}

extension HTTPClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotResolve(let host): "no address was found for \(host)"
        case .cannotConnect(let reason): "cannot connect: \(reason)"
        case .timedOut: "no complete answer came in time"
        case .untrusted(let reason): "the server's certificate does not hold: \(reason)"
        case .bodyTooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .broken(let reason): "the exchange broke: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}

extension HTTPClientError {
    /// - Parameters:
    ///   - sentence: libcurl's own words about this transfer; may be empty.
    ///   - systemError: the `errno` of the call that failed to connect; 0 when there was none.
    init(code: CURLcode, sentence: String, systemError: Int, request: HTTPClientRequest) {
        let reason = sentence.isEmpty ? String(cString: curl_easy_strerror(code)) : sentence
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            self = .cannotResolve(host: request.host)
        case CURLE_COULDNT_RESOLVE_PROXY:
            self = .cannotConnect(reason: "no address was found for \(request.proxyHost ?? "the proxy")")
        case CURLE_COULDNT_CONNECT:
            let address = request.unixSocket ?? request.connectTo ?? request.proxyHost ?? request.host
            let cause = systemError > 0 ? String(cString: strerror(Int32(systemError))) : reason
            self = .cannotConnect(reason: "\(address): \(cause)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PROXY:
            self = .cannotConnect(reason: reason)
        case CURLE_SSL_CERTPROBLEM, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            self = .untrusted(reason: reason)
        case CURLE_OPERATION_TIMEDOUT:
            self = .timedOut
        default:
            self = .broken(reason: reason)
        }
    }
}
