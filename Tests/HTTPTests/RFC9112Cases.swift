/// Requests that servers have read in different ways, which is how one is smuggled behind another, and what each means:
/// the section of RFC 9112 that decides stands before it (with `9110:`, of RFC 9110).
///
/// A scalar is a byte: `\u{FF}` is the byte 255. What `ServerSamples` has is not repeated.
struct RFC9112Case {
    enum Meaning {
        /// Nothing behind it is read.
        case refused(Int)
        /// As a handler sees it: method, target, host, number of bytes and body. The connection goes on.
        case read(String)
        /// The same, and it is the connection's last.
        case last(String)
    }

    let section: String
    let request: String
    let meaning: Meaning

    private static func refused(_ section: String, _ status: Int, _ requests: String...) -> [RFC9112Case] {
        requests.map { RFC9112Case(section: section, request: $0, meaning: .refused(status)) }
    }

    private static func read(_ section: String, _ request: String, _ seen: String) -> [RFC9112Case] {
        [RFC9112Case(section: section, request: request, meaning: .read(seen))]
    }

    private static func last(_ section: String, _ request: String, _ seen: String) -> [RFC9112Case] {
        [RFC9112Case(section: section, request: request, meaning: .last(seen))]
    }

    private static let end = "\r\nHost: a\r\n\r\n"

    private static func get(_ target: String, host: String = "a") -> String { "GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n" }

    /// With fields, and `abc` as its body in both forms.
    private static func sized(_ lines: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\nabc" }
    private static func chunked(_ lines: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n3\r\nabc\r\n0\r\n\r\n" }
    private static func body(_ chunks: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)" }
    private static let abc = "POST / a 3 abc"

    static let requestLine =
        refused("2.2", 400, "GET /\nHTTP/1.1" + end, " \r\n" + get("/"), "\u{EF}\u{BB}\u{BF}" + get("/"))
        + refused("2.3", 400,
            "GET / HTTP/1.32" + end, "GET / HTTP/01.1" + end, "GET / HTTP/1" + end, "GET / HTTP/1." + end, "GET / HTTP/.1" + end,
            "GET / HTTP/1.1x" + end, "GET / HTTP/ 1.1" + end, "GET / HTTP/1 .1" + end, "GET / HTTP/+1.1" + end,
            "GET / HTTPS/1.1" + end, "GET / IHTTP/1.0" + end, "PUT / RTSP/1.0" + end, "GET / ICE/1.0" + end, "GET / Http/1.1" + end)
        + refused("2.3", 505, "GET / HTTP/3.0" + end)
        // A later minor version is read as the highest that is known (9110, section 2.5).
        + read("2.3", "GET /x HTTP/1.9" + end, "GET /x a 0 ")
        + refused("3", 400,
            "GET /  HTTP/1.1" + end, "GET\u{B}/ HTTP/1.1" + end, "GET\u{A0}/ HTTP/1.1" + end, "GET / HTTP/1.1\u{B}" + end,
            "GET / HTTP/1.1 GET / HTTP/1.1" + end, "GET /\r\n\r\n", "GET / \r\n\r\n", " HTTP/1.1" + end)
        + refused("3.1", 400, "G=\":<>(e),[T];?\" / HTTP/1.1" + end, "\u{EF}GET / HTTP/1.1" + end, "G\u{1}T / HTTP/1.1" + end)
        + refused("3.1", 501, "MKCOLA / HTTP/1.1" + end, "GETX / HTTP/1.1" + end, "Get / HTTP/1.1" + end)
        + refused("3.2", 400,
            get("!"), get("/\u{EF}"), get("/\u{7F}"), get("/\""), get("/<x>"), get("a:80"), get("http:/b/x"), get("http:b"),
            get("http://"), get("http://b:x/"), get("http://b:99999/"), get("http://[::1/"), get("//"  + "\u{0}"), get("?x"))
        + read("3.2.1", get("//b/x"), "GET //b/x a 0 ")
        + read("3.2.1", get("/%00%0d%0a?%20"), "GET /%00%0d%0a?%20 a 0 ")
        + read("3.2.2", get("http://b/x"), "GET /x b 0 ") + read("3.2.2", get("HTTP://B"), "GET / b 0 ")
        + read("3.2.2", get("http://b:80?x"), "GET /?x b 0 ") + read("3.2.2", get("https://[::1]:8/x", host: "a"), "GET /x [::1] 0 ")
        + refused("3.2.3", 501, "CONNECT b:443 HTTP/1.1" + end, "CONNECT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
        + refused("3.2.4", 400, "POST * HTTP/1.1" + end)
        + read("3.2.4", "OPTIONS * HTTP/1.1" + end, "OPTIONS * a 0 ") + read("3.2.4", "OPTIONS http://b HTTP/1.1" + end, "OPTIONS * b 0 ")

    static let host =
        refused("3.2", 400,
            get("/", host: "http://b"), get("/", host: "a#b"), get("/", host: "a?b"), get("/", host: "a\\b"), get("/", host: "a\tb"),
            get("/", host: "a:80:80"), get("/", host: "a:-1"), get("/", host: "a:+80"), get("/", host: "[]"), get("/", host: "[::1]b"),
            get("/", host: "\u{E9}"), get("/", host: "a\u{0}b"), get("/", host: "a\r\nhost: a"), get("/", host: "a\r\nHOST:"))
        + read("3.2", get("/", host: ""), "GET /  0 ") + read("3.2", get("/", host: "A:"), "GET / a 0 ")
        + read("3.2", get("/", host: "[::1]:80"), "GET / [::1] 0 ")

    static let fields =
        refused("5.1", 400,
            sized("Content-Length : 3"), sized("Content-Length\u{A0}: 3"), chunked("Transfer-Encoding\u{85}: chunked"),
            chunked("Transfer-Encoding\u{AD}: chunked"), chunked("Transfer Encoding: chunked"), chunked("Transfer-Encoding x: chunked"),
            chunked("Transfer\\Encoding: chunked"), chunked("Transfer-Encoding\u{B}: chunked"), chunked("\u{EF}Transfer-Encoding: chunked"),
            chunked("Transfer-Encoding\r\n: chunked"), sized("\"Content-Length\": 3"), sized("(Content-Length): 3"), sized("Foo\u{1}: x"),
            sized("Fo@: x"), sized("X;: y"), sized("X\u{7F}: y"), sized("X"), sized("X-Invalid Y: \r\nContent-Length: 3"))
        + refused("5.2", 400,
            sized("Content-Length:\r\n 3"), chunked("Transfer-Encoding:\r\n\tchunked"), chunked("X: y\r\n \r\n Transfer-Encoding: chunked"),
            chunked("Transfer-Encoding: chunked\r\n , identity"), "GET / HTTP/1.1\r\n\tContent-Length: 3\r\nHost: a\r\n\r\nabc")
        + refused("2.2", 400,
            chunked("X: y\r\n\rTransfer-Encoding: chunked"), chunked("X:\rTransfer-Encoding: chunked"), chunked("X: y\nTransfer-Encoding: chunked"),
            chunked("X:\nTransfer-Encoding: chunked"), chunked("\nTransfer-Encoding: chunked"), chunked("Transfer-Encoding: chunked\r"),
            "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\rabc", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n")
        + refused("9110:5.5", 400, sized("X: \u{0}"), sized("X: \u{1}"), sized("X: \u{8}"), sized("X: \u{B}y"), sized("X: y\u{C}"), sized("X: \u{1F}"))
        + read("9110:5.5", sized("X: \u{80}\u{FF}\t\u{A0}\r\nContent-Length: 3"), abc)
        // Another name is another field.
        + read("5.1", sized("Content-Length: 3\r\nTransfer_Encoding: chunked"), abc)
        + read("5.1", sized("Content-Length: 3\r\nX-Transfer-Encoding: chunked\r\nContent-Encoding: chunked\r\nTE: chunked"), abc)
        + read("5.1", chunked("Content_Length: 9\r\nX-Content-Length: 9\r\nTransfer-Encoding: chunked"), abc)

    static let lengths =
        refused("6.2", 400,
            sized("Content-Length: 1_0"), sized("Content-Length: 0b11"), sized("Content-Length: 3e0"), sized("Content-Length: -0"),
            sized("Content-Length: \u{D9}\u{A3}"), sized("Content-Length: \u{EF}\u{BC}\u{93}"), sized("Content-Length: \u{B}3"),
            sized("Content-Length: 3;q=1"), sized("Content-Length: \"3\""), sized("Content-Length: 0 3"), sized("Content-Length: 3\u{0}"))
        + refused("6.3", 400,
            sized("Content-Length: 3\r\nContent-Length: 3"), sized("Content-Length: 3\r\ncontent-length: 0"), sized("Content-Length: 3,4"),
            sized("Content-Length: 3,"), sized("Content-Length: ,3"), sized("Content-Length: 0, 3"), sized("Content-Length: 3\r\nContent-Length:"))
        + refused("6.3", 400,
            chunked("Transfer-Encoding: chunked\r\nContent-Length: 0"), chunked("Content-Length: 3\r\nTRANSFER-ENCODING: chunked"),
            chunked("Transfer-Encoding: identity\r\nContent-Length: 3"), chunked("Transfer-Encoding:\r\nContent-Length: 3"))
        + read("6.2", sized("Content-Length: \t3 \t"), abc) + read("6.2", sized("Content-Length:3"), abc)
        + read("6.2", sized("Content-Length: 0000000000000000000000003"), abc)
        + read("6.3", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "GET / a 3 abc")
        + read("6.3", "OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "OPTIONS * a 3 abc")
        + read("6.3", "POST / HTTP/1.1" + end, "POST / a 0 ")
        + read("7.6.1", sized("Connection: Content-Length\r\nContent-Length: 3"), abc)

    static let codings =
        refused("6.1", 400,
            chunked("Transfer-Encoding: chunked, identity"), chunked("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
            chunked("Transfer-Encoding: chunked,chunked"), chunked("Transfer-Encoding: chunked;"), chunked("Transfer-Encoding: chunked ;q=1"),
            chunked("Transfer-Encoding: ,"), chunked("Transfer-Encoding: \u{B}chunked"), chunked("Transfer-Encoding: chunked\u{0}"),
            chunked("Transfer-Encoding: chunked foo"))
        + refused("6.1", 400, "POST / HTTP/1.0\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        + refused("6.1", 501,
            chunked("Transfer-Encoding: identity, chunked"), chunked("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"),
            chunked("Transfer-Encoding: chunkedx"), chunked("Transfer-Encoding: \"chunked\""), chunked("Transfer-Encoding: 'chunked'"),
            chunked("Transfer-Encoding: chun ked"), chunked("Transfer-Encoding: x chunked"), chunked("Transfer-Encoding: \u{FF}chunked"),
            chunked("Transfer-Encoding: =?utf-8?B?Y2h1bmtlZA==?="), chunked("Transfer-Encoding: pigeons"), chunked("Transfer-Encoding: gzip"))
        + read("7", chunked("Transfer-Encoding:chunked"), abc) + read("7", chunked("TRANSFER-ENCODING: \t CHUNKED\t "), abc)
        + read("9110:5.6.1", chunked("Transfer-Encoding: , chunked,"), abc)
        + read("7.6.1", chunked("Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked"), abc)
        + read("6.3", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "GET / a 3 abc")

    static let chunks =
        refused("7.1", 400,
            body("0_3\r\nabc\r\n0\r\n\r\n"), body("-0\r\n\r\n"), body("+0\r\n\r\n"), body("0 \r\n\r\n"), body("3\t\r\nabc\r\n0\r\n\r\n"),
            body("\r\n3\r\nabc\r\n0\r\n\r\n"), body("3h\r\nabc\r\n0\r\n\r\n"), body("\u{0}3\r\nabc\r\n0\r\n\r\n"), body("3\r\nabc0\r\n\r\n"),
            body("3\r\nabc\r0\r\n\r\n"), body("3\r\n\nabc\r\n0\r\n\r\n"), body("ffffffffffffffff\r\nabc"), body("10000000000000000\r\nabc"),
            body("3\n\r\nabc\r\n0\r\n\r\n"), body("3\r\nabc\n\r\n0\r\n\r\n"), body("3\r\r\nabc\r\n0\r\n\r\n"), body("0\n\n"), body("0\r\n\r\r\n"))
        // Without the last line's end, what follows is no trailer field.
        + refused("7.1.2", 400, body("3\r\nabc\r\n0\r\n"))
        + refused("7.1.1", 400,
            body("3;\r\nabc\r\n0\r\n\r\n"), body("3;;a\r\nabc\r\n0\r\n\r\n"), body("3;a=\r\nabc\r\n0\r\n\r\n"), body("3;=b\r\nabc\r\n0\r\n\r\n"),
            body("3;a=\"b\r\nabc\r\n0\r\n\r\n"), body("3;a=\"b\"c\r\nabc\r\n0\r\n\r\n"), body("3 a\r\nabc\r\n0\r\n\r\n"), body("3;a b\r\nabc\r\n0\r\n\r\n"),
            body("3;a=\"b\nc\"\r\nabc\r\n0\r\n\r\n"), body("3;a=\"\r\n\"\r\nabc\r\n0\r\n\r\n"), body("3;a\u{B}\r\nabc\r\n0\r\n\r\n"),
            body("3;a=b=c\r\nabc\r\n0\r\n\r\n"), body("3;a \r\nabc\r\n0\r\n\r\n"), body("3;a=\"\\\r\nabc\r\n0\r\n\r\n"))
        + read("7.1.1", body("3;a;b=c;d=\"e;\\\"\\\\\u{FF}\"\r\nabc\r\n0;x\r\n\r\n"), abc)
        + read("7.1.1", body("3 ; a = \"b c\" \t;d\r\nabc\r\n0\r\n\r\n"), abc)
        + read("7.1", body("0000000000000000000003\r\nabc\r\n0000000000000000000000\r\n\r\n"), abc)
        + refused("7.1.2", 400, body("0\r\n: x\r\n\r\n"), body("0\r\nX\u{0}: y\r\n\r\n"), body("0\r\nX: \u{0}\r\n\r\n"), body("0\r\nX: y\r\r\n\r\n"))
        // Trailer fields change nothing of the message.
        + read("7.1.2", body("3\r\nabc\r\n0\r\nContent-Length: 9\r\nHost: b\r\nConnection: close\r\n\r\n"), abc)
        + read("7.1.2", body("3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"), abc)

    static let connection =
        refused("9110:10.1.1", 417, sized("Expect: x 100-continue\r\nContent-Length: 3"), sized("Expect: 100-continue;q=1\r\nContent-Length: 3"))
        + read("9110:10.1.1", sized("Expect: 100-continue\r\nExpect: 100-CONTINUE\r\nContent-Length: 3"), abc)
        + read("9110:10.1.1", chunked("Expect: 100-continue\r\nTransfer-Encoding: chunked"), abc)
        + read("9110:7.8", sized("Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 3"), abc)
        + read("9110:7.8", sized("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Length: 3"), abc)
        + refused("9110:9.3.8", 501, "TRACE / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
        + last("9.3", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "GET / a 0 ")
        + last("9.3", "GET / HTTP/1.0\r\nHost: a\r\nProxy-Connection: keep-alive\r\n\r\n", "GET / a 0 ")
        + last("9.6", sized("Connection: keep-alive, CLOSE\r\nContent-Length: 3"), abc)
        + read("9.3", "POST / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\nContent-Length: 3\r\n\r\nabc", abc)
        + refused("9112:11.2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u{0}\u{0}\u{0}\u{4}\u{0}")

    static let all = requestLine + host + fields + lengths + codings + chunks + connection
}
