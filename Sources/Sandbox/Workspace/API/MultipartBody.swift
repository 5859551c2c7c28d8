import HTTP

/// The content of the only file in a `multipart/form-data` body (RFC 7578).
enum MultipartBody {
    /// Nil when the body is no such form.
    static func file(_ request: HTTPRequest) -> [UInt8]? {
        guard let type = request.headers["Content-Type"], type.lowercased().hasPrefix("multipart/form-data"),
            let mark = type.range(of: "boundary=")
        else { return nil }
        let name = type[mark.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" }
        let blankLine = Array("\r\n\r\n".utf8)
        let end = Array("\r\n--\(name)".utf8)
        guard let head = request.body.firstRange(of: blankLine),
            let tail = request.body[head.upperBound...].firstRange(of: end)
        else { return nil }
        return Array(request.body[head.upperBound..<tail.lowerBound])
    }
}
