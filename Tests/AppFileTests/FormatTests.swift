import AppFile
import XCTest

/// Texts of the kinds that have a form of their own.
final class FormatTests: XCTestCase {
    private func assertAdvice(_ text: String, _ advice: String?, line: UInt = #line) {
        let found = problems(text)
        guard let advice else { return XCTAssertEqual(found, [], text, line: line) }
        XCTAssertEqual(found.count, 1, "\(text): \(found)", line: line)
        XCTAssertTrue(found.first?.hasSuffix(advice) ?? false, "\(text): \(found)", line: line)
    }

    func testConnectionNames() {
        let cases: [(String, String?)] = [
            ("iterate-vake:europe-west1:vake-cloud-sql", nil), ("example.com:old-project:us-central1:db1", nil),
            ("a:b", "; it has three parts with `:` between them"), ("", "; it has three parts with `:` between them"),
            ("a:b:c:d:e", "; it has three parts with `:` between them"),
            ("a::c", "; one of its parts is empty"), ("::", "; one of its parts is empty"),
            ("A:europe-west1:c", "; its parts consist of a-z, 0-9 and `-`, and begin with a letter"),
            ("a:europe-west1:1c", "; its parts consist of a-z, 0-9 and `-`, and begin with a letter"),
            ("a:europe west1:c", "; its parts consist of a-z, 0-9 and `-`, and begin with a letter"),
            ("a:europe-west1-b:c", "; `europe-west1-b` is a zone; its region is `europe-west1`"),
        ]
        for (name, advice) in cases {
            assertAdvice("[cloud_sql_postgres_instances]\n5433 = '\(name)'", advice)
        }
        for port in ["0", "65536", "05433", "-1", "a", "\"\"", "\"5433 \""] {
            assertAdvice(
                "[cloud_sql_postgres_instances]\n\(port) = 'a:b:c'",
                "`cloud_sql_postgres_instances.\(port)` is no port; a port is a whole number from 1 to 65535")
        }
    }

    func testExtensions() {
        let form = "; it consists of a-z, 0-9, `-` and `_`, and begins with a letter"
        let cases: [(String, String?)] = [
            ("uuid-ossp", nil), ("pg_trgm", nil), ("our_own_extension", nil),
            ("uuid_ossp", "`uuid_ossp` is no extension that is known here; did you mean `uuid-ossp`?"),
            ("PostGIS", "; did you mean \"postgis\"?"), ("a b", form), ("", form), ("1a", form),
            (String(repeating: "a", count: 64), form), ("a\";drop", form),
        ]
        for (name, advice) in cases { assertAdvice("[postgres]\nextensions = ['\(name)']", advice) }
        XCTAssertEqual(
            problems("[postgres]\nextensions = ['uuid_ossp']"),
            ["2:15: warning: `uuid_ossp` is no extension that is known here; did you mean `uuid-ossp`?"])
    }

    func testBodySizes() {
        let cases: [(String, String?)] = [
            ("0", nil), ("8m", nil), ("8M", nil), ("1g", nil), ("512k", nil), ("999999999g", nil),
            ("8 m", "; the units are k, m and g"), ("8mb", "; the units are k, m and g"),
            ("8Mi", "; the units are k, m and g"), ("1.5m", "not the text \"1.5m\""), ("m", "not the text \"m\""),
            ("", "not the text \"\""), ("-1", "not the text \"-1\""), ("1000000000g", "; no request is that large"),
            ("1000000000000000", "not the text \"1000000000000000\""),
        ]
        for (size, advice) in cases { assertAdvice("[ingress]\nproxy_max_body_size = '\(size)'", advice) }
        assertAdvice("[ingress]\nproxy_max_body_size = 8", "not the number 8; put it in quotes: \"8\"")
    }

    func testCommands() {
        let cases: [(String, String?)] = [
            ("bin/migrate && bin/seed", nil), ("", "; it says nothing"), (" \\t\\n", "; it says nothing"),
            ("a\\u0000", "; it cannot contain U+0000"),
            (String(repeating: "x", count: 131_072), "; it can have at most 131071 bytes"),
        ]
        for (command, advice) in cases { assertAdvice("[release]\ncommand = \"\(command)\"", advice) }
        assertAdvice("[release]", "`[release]` needs a `command`: a command such as \"bin/migrate\"")
    }

    func testKeysOfSecrets() {
        for key in ["a", "tls.crt", "_-.A9", ".hidden"] {
            assertAdvice("[env.common]\nA = { secret = 's', key = '\(key)' }", nil)
        }
        for key in ["", ".", "..", "..data", "a/b", "ø", String(repeating: "a", count: 254)] {
            assertAdvice(
                "[env.common]\nA = { secret = 's', key = '\(key)' }", "; it consists of letters, digits, `-`, `_` and `.`")
        }
    }

    func testPathsWithURLsInTheirQuery() {
        assertAdvice("readiness_path = '/a?next=https://b'", nil)
        assertAdvice("readiness_path = 'https://b/a'", "; leave out everything in front of the path")
    }
}
