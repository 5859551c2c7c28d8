/// Why a request is not taken to the handler: the closed list of answers that the server gives itself.
/// After each of them the connection closes, for what follows on it cannot be told apart safely.
enum HTTPRefusal: Error, Sendable, Equatable {
    case malformedRequestLine, invalidMethod, methodTooLong, unknownMethod
    case invalidTarget, targetTooLong(limit: Int)
    case malformedVersion, unsupportedVersion
    case bareLineFeed, bareCarriageReturn, nulByte
    case spaceBeforeColon, foldedField, invalidFieldName, invalidFieldValue
    case headTooLarge(limit: Int), tooManyFields(limit: Int)
    case missingHost, repeatedHost, invalidHost
    case invalidLength, repeatedLength, lengthAndTransferEncoding
    case transferEncodingInHTTP10, invalidTransferEncoding, unknownTransferCoding
    case unknownExpectation
    case bodyTooLarge(limit: Int)
    case invalidChunk, chunkExtensionsTooLong(limit: Int), trailersTooLarge(limit: Int)
    case cutShort, headTooSlow, bodyTooSlow
    case tooManyConnections, tooManyBodyBytes

    /// RFC 9110, section 15, and RFC 6585, section 5, for 431.
    var status: Int {
        switch self {
        case .targetTooLong: 414
        case .headTooLarge, .tooManyFields, .trailersTooLarge: 431
        case .bodyTooLarge: 413
        case .headTooSlow, .bodyTooSlow: 408
        case .unknownExpectation: 417
        case .methodTooLong, .unknownMethod, .unknownTransferCoding: 501
        case .tooManyConnections, .tooManyBodyBytes: 503
        case .unsupportedVersion: 505
        default: 400
        }
    }

    /// One sentence for whoever wrote the client.
    var reason: String {
        switch self {
        case .malformedRequestLine, .invalidMethod, .methodTooLong, .unknownMethod, .invalidTarget,
            .targetTooLong, .malformedVersion, .unsupportedVersion:
            requestLineReason
        case .bodyTooLarge, .invalidChunk, .chunkExtensionsTooLong, .trailersTooLarge, .cutShort,
            .headTooSlow, .bodyTooSlow, .tooManyConnections, .tooManyBodyBytes:
            bodyReason
        default:
            fieldReason
        }
    }

    private var requestLineReason: String {
        switch self {
        case .malformedRequestLine: "The request line is not `METHOD TARGET HTTP/1.1`."
        case .invalidMethod: "The method contains a character that methods cannot have."
        case .methodTooLong, .unknownMethod: "This server does not implement the method."
        case .invalidTarget: "The request target is not a path, an http URL or `*` for OPTIONS."
        case .targetTooLong(let limit): "The request target is longer than \(limit) bytes."
        case .malformedVersion: "The request line does not end in an HTTP version such as HTTP/1.1."
        default: "This server speaks HTTP/1.1 and HTTP/1.0 only."
        }
    }

    private var fieldReason: String {
        switch self {
        case .bareLineFeed: "A line ends in LF without CR."
        case .bareCarriageReturn: "A CR is not followed by LF."
        case .nulByte: "The head contains a NUL byte."
        case .spaceBeforeColon: "White space stands before the colon of a header field."
        case .foldedField: "A header line begins with white space (folded fields are obsolete)."
        case .invalidFieldName: "A header field's name contains a character that names cannot have."
        case .invalidFieldValue: "A header field's value contains a control character."
        case .headTooLarge(let limit): "The request head is larger than \(limit) bytes."
        case .tooManyFields(let limit): "The request has more than \(limit) header fields."
        case .missingHost: "The Host header field is missing."
        case .repeatedHost: "The Host header field is given more than once."
        case .invalidHost: "The Host header field is not a host with an optional port."
        case .invalidLength: "Content-Length is not a number of bytes."
        case .repeatedLength: "Content-Length is given more than once."
        case .lengthAndTransferEncoding: "Both Content-Length and Transfer-Encoding are given."
        case .transferEncodingInHTTP10: "Transfer-Encoding does not exist in HTTP/1.0."
        case .invalidTransferEncoding: "Transfer-Encoding is not exactly `chunked`."
        case .unknownTransferCoding: "This server does not implement the transfer coding."
        default: "This server meets no expectation but 100-continue."
        }
    }

    private var bodyReason: String {
        switch self {
        case .bodyTooLarge(let limit): "The body is larger than the \(limit) bytes allowed here."
        case .invalidChunk: "The chunked body is malformed."
        case .chunkExtensionsTooLong(let limit): "The chunk extensions are longer than \(limit) bytes."
        case .trailersTooLarge(let limit): "The trailer fields are larger than \(limit) bytes."
        case .cutShort: "The connection ended in the middle of the request."
        case .headTooSlow: "The request head did not arrive in time."
        case .bodyTooSlow: "The request body did not arrive in time."
        case .tooManyConnections: "The server has too many connections; try again later."
        default: "The server is receiving too many large bodies; try again later."
        }
    }

    var response: HTTPResponse {
        var response = HTTPResponse.text(status, reason + "\n")
        response.headers.add("Connection", "close")
        if status == 503 { response.headers.add("Retry-After", "1") }
        return response
    }
}
