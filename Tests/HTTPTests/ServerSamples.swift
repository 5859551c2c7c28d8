/// Requests that must be refused, each with the status that it deserves, and requests that must not.
enum ServerSamples {
    struct Sample {
        let name: String
        let text: String
        let status: Int
    }

    /// The limits that the samples below are made for.
    static let maxTargetBytes = 200
    static let maxHeadBytes = 1_000
    static let maxHeaderFields = 10
    static let maxBodyBytes = 100
    static let maxChunkExtensionBytes = 50
    static let maxTrailerBytes = 60

    private static func with(_ name: String, _ status: Int, _ text: String) -> Sample {
        Sample(name: name, text: text, status: status)
    }

    private static func fields(
        _ name: String, _ status: Int, _ lines: String, _ body: String = ""
    ) -> Sample {
        Sample(
            name: name, text: "POST / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n\(body)", status: status)
    }

    private static func chunks(_ name: String, _ status: Int, _ body: String) -> Sample {
        fields(name, status, "Transfer-Encoding: chunked", body)
    }

    static let requestLines = [
        with("space first", 400, " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("two spaces", 400, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("space in the target", 400, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("tab as space", 400, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("space behind the version", 400, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        with("no version", 400, "GET /\r\n\r\n"),
        with("no target", 400, "GET\r\n\r\n"),
        with("method with a colon", 400, "GE:T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("TLS greeting", 400, "\u{16}\u{03}\u{01}\u{02}\0\u{01}\0"),
        with("NUL in the method", 400, "G\0T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("NUL in the target", 400, "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("control in the target", 400, "GET /\u{7} HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("UTF-8 in the target", 400, "GET /æ HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("fragment", 400, "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("relative target", 400, "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("asterisk for GET", 400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("other scheme", 400, "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("user information", 400, "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("empty authority", 400, "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("lower-case protocol", 400, "GET / http/1.1\r\nHost: a\r\n\r\n"),
        with("other protocol", 400, "GET / HTPT/1.1\r\nHost: a\r\n\r\n"),
        with("two-digit version", 400, "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        with("HTTP/2.0", 505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
        with("HTTP/0.9", 505, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
        with("HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        with("unknown method", 501, "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("lower-case method", 501, "get / HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("CONNECT", 501, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("TRACE", 501, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("endless method", 501, String(repeating: "A", count: 300)),
        with("endless target", 414, "GET /" + String(repeating: "a", count: 300)),
        with("target one too long", 414, "GET /\(String(repeating: "a", count: 200)) HTTP/1.1\r\n"),
        with("many empty lines", 400, "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("LF behind the request line", 400, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        with("CR in the request line", 400, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
        with("CR as the request line's end", 400, "GET / HTTP/1.1\r-Host: a\r\n\r\n"),
        with("LF first", 400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("CR first", 400, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ]

    static let headerFields = [
        with("no Host", 400, "GET / HTTP/1.1\r\n\r\n"),
        with("no Host with an absolute target", 400, "GET http://a/ HTTP/1.1\r\n\r\n"),
        fields("two Hosts", 400, "Host: a"),
        with("two Hosts in HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n"),
        with("Host with a space", 400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        with("Host list", 400, "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n"),
        with("Host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        with("Host with a user", 400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
        with("Host with a wrong port", 400, "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n"),
        with("Host with a large port", 400, "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
        with("Host with an open bracket", 400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
        fields("space before the colon", 400, "X : y"),
        fields("tab before the colon", 400, "X\t: y"),
        fields("no colon", 400, "X"),
        fields("no name", 400, ": x"),
        fields("comma in a name", 400, "X,Y: z"),
        fields("UTF-8 in a name", 400, "Æ: z"),
        fields("NUL in a name", 400, "X\0: z"),
        fields("NUL in a value", 400, "X: y\0z"),
        fields("escape in a value", 400, "X: y\u{1B}[0m"),
        fields("DEL in a value", 400, "X: y\u{7F}"),
        fields("CR in a value", 400, "X: y\rZ: 1"),
        fields("CR as line end", 400, "X: y\rZY: 1"),
        fields("CR CR LF", 400, "X: y\r"),
        fields("LF behind a value", 400, "X: y\nZ: 1"),
        fields("folded value", 400, "X: y\r\n z"),
        fields("folded with a tab", 400, "X: y\r\n\tz"),
        with("folded request line", 400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        with("LF LF at the end", 400, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        fields("too many fields", 431, (0..<10).map { "X\($0): y" }.joined(separator: "\r\n")),
        fields("large value", 431, "X: " + String(repeating: "y", count: 1_000)),
        fields("large name", 431, String(repeating: "y", count: 1_000) + ": x"),
        fields("other expectation", 417, "Expect: 200-ok"),
        fields("two expectations", 417, "Expect: 100-continue, x"),
    ]

    static let lengths = [
        fields("both lengths", 400, "Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
        fields("both, the other way", 400, "Transfer-Encoding: chunked\r\nContent-Length: 3", "abc"),
        fields("differing lengths", 400, "Content-Length: 3\r\nContent-Length: 4", "abcd"),
        fields("list of lengths", 400, "Content-Length: 3, 3", "abc"),
        fields("negative length", 400, "Content-Length: -3"),
        fields("signed length", 400, "Content-Length: +3", "abc"),
        fields("hexadecimal length", 400, "Content-Length: 0x3", "abc"),
        fields("spaced length", 400, "Content-Length: 1 0", "abc"),
        fields("empty length", 400, "Content-Length:"),
        fields("fraction", 400, "Content-Length: 3.0", "abc"),
        fields("overflowing length", 400, "Content-Length: 9223372036854775808"),
        fields("length that wraps around", 400, "Content-Length: 18446744073709551619", "abc"),
        fields("too large", 413, "Content-Length: 101"),
        fields("far too large", 413, "Content-Length: 9223372036854775807"),
        fields("unknown coding", 501, "Transfer-Encoding: gzip"),
        fields("gzip, chunked", 501, "Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
        fields("identity", 501, "Transfer-Encoding: identity"),
        fields("nearly chunked", 501, "Transfer-Encoding: xchunked"),
        fields("chunked twice", 400, "Transfer-Encoding: chunked, chunked", "0\r\n\r\n"),
        fields("chunked in two fields", 400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        fields("chunked not last", 400, "Transfer-Encoding: chunked, gzip", "0\r\n\r\n"),
        fields("chunked with a parameter", 400, "Transfer-Encoding: chunked;q=1", "0\r\n\r\n"),
        fields("empty coding", 400, "Transfer-Encoding:", "0\r\n\r\n"),
        with("chunked in HTTP/1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ]

    private static let fiftyBytes = "32\r\n\(String(repeating: "a", count: 50))\r\n"

    static let chunkedBodies = [
        chunks("no size", 400, "\r\nabc\r\n"),
        chunks("size not hexadecimal", 400, "g\r\nabc\r\n"),
        chunks("signed size", 400, "+3\r\nabc\r\n0\r\n\r\n"),
        chunks("negative size", 400, "-3\r\nabc\r\n"),
        chunks("0x", 400, "0x3\r\nabc\r\n0\r\n\r\n"),
        chunks("space before the size", 400, " 3\r\nabc\r\n0\r\n\r\n"),
        chunks("space behind the size", 400, "3 \r\nabc\r\n0\r\n\r\n"),
        chunks("overflowing size", 400, "8000000000000000\r\nabc"),
        chunks("size that wraps around", 400, "10000000000000003\r\nabc\r\n0\r\n\r\n"),
        chunks("LF behind the size", 400, "3\nabc\r\n0\r\n\r\n"),
        chunks("CR behind the size", 400, "3\rabc\r\n0\r\n\r\n"),
        chunks("data too long", 400, "3\r\nabcd\r\n0\r\n\r\n"),
        chunks("another byte for CR", 400, "3\r\nabcd\n0\r\n\r\n"),
        chunks("data too short", 400, "3\r\nab\r\n0\r\n\r\n"),
        chunks("LF behind the data", 400, "3\r\nabc\n0\r\n\r\n"),
        chunks("LF in an extension", 400, "3;a\nb\r\nabc\r\n0\r\n\r\n"),
        chunks("NUL in an extension", 400, "3;a\0b\r\nabc\r\n0\r\n\r\n"),
        chunks("long extension", 400, "3;\(String(repeating: "a", count: 51))\r\nabc\r\n0\r\n\r\n"),
        chunks("many extensions", 400, String(repeating: "1;abcdefgh\r\na\r\n", count: 6)),
        chunks("too large at once", 413, "65\r\n"),
        chunks("far too large", 413, "7fffffffffffffff\r\n"),
        chunks("growing too large", 413, fiftyBytes + fiftyBytes + "1\r\na\r\n"),
        chunks("long trailers", 431, "0\r\nX: \(String(repeating: "a", count: 70))\r\n\r\n"),
        chunks("folded trailer", 400, "0\r\nX: y\r\n z\r\n\r\n"),
        chunks("trailer without colon", 400, "0\r\nXy\r\n\r\n"),
        chunks("space before a trailer's colon", 400, "0\r\nX : y\r\n\r\n"),
        chunks("LF in the trailers", 400, "0\r\nX: y\n\r\n"),
        chunks("LF at the end", 400, "0\r\n\n"),
    ]

    static let good = [
        with("plain", 200, "GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("empty lines first", 200, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("longest target", 200, "GET /\(String(repeating: "a", count: 199)) HTTP/1.1\r\nHost: a\r\n\r\n"),
        with("no blanks", 200, "GET / HTTP/1.1\r\nhOST:a\r\nX:\r\nY:z\r\n\r\n"),
        with("many blanks", 200, "GET / HTTP/1.1\r\nHost: \t a\t \r\nX: \t \r\n\r\n"),
        with("UTF-8 in a value", 200, "GET / HTTP/1.1\r\nHost: a\r\nX: blåbær\r\n\r\n"),
        with("no Host in HTTP/1.0", 200, "GET / HTTP/1.0\r\n\r\n"),
        fields("no body", 200, "Content-Length: 0"),
        fields("zeros", 200, "Content-Length: 0003", "abc"),
        fields("body of the largest size", 200, "Content-Length: 100", String(repeating: "a", count: 100)),
        fields("expectation", 200, "Expect: 100-Continue\r\nContent-Length: 3", "abc"),
        with("expectation of HTTP/1.0", 200, "POST / HTTP/1.0\r\nExpect: x\r\nContent-Length: 1\r\n\r\na"),
        chunks("empty", 200, "0\r\n\r\n"),
        chunks("zeros", 200, "0003\r\nabc\r\n000\r\n\r\n"),
        chunks("capital digits", 200, "A\r\n0123456789\r\n0\r\n\r\n"),
        chunks("extensions", 200, "3 ; a=\"b\" ;c\r\nabc\r\n0;x\r\n\r\n"),
        chunks("trailers", 200, "3\r\nabc\r\n0\r\nX: y\r\nZ:\r\n\r\n"),
        chunks("full", 200, fiftyBytes + fiftyBytes + "0\r\n\r\n"),
    ]

    static let refused = requestLines + headerFields + lengths + chunkedBodies
    static let all = refused + good
}
