import AppFile
import XCTest

final class VariableProblemTests: XCTestCase {
    private func check(
        _ cases: [(text: String, expected: [String])], file: StaticString = #filePath,
        line: UInt = #line
    ) {
        for (text, expected) in cases {
            XCTAssertEqual(problems(text), expected, text, file: file, line: line)
        }
    }

    func testEnvironments() {
        check([
            ("[env.prd]", ["1:6: error: `env.prd` is no environment; did you mean `prod`?"]),
            ("[env.production]", ["1:6: error: `env.production` is no environment; did you mean `prod`?"]),
            ("[env.snap-3]", ["1:6: error: `env.snap-3` is no environment; did you mean `snap3`?"]),
            ("[env.staging]", [
                "1:6: error: `env.staging` is no environment; there are common, prod, test and snap0 to snap9"
            ]),
            ("[domains_env]\ncommon = ['a.b']", [
                "2:1: error: `domains_env.common` is no environment; there are prod, test and snap0 to snap9"
            ]),
            ("[env]\nFOO = 'x'", [
                """
                2:1: error: `env.FOO` must be a table; write variables of all environments below \
                `[env.common]`, those of one below its own, such as `[env.prod]`
                """
            ]),
            ("env = 'x'", ["1:7: error: `env` must be a table, not the text \"x\""]),
        ])
    }

    func testNames() {
        let fault = "is no name of an environment variable; it consists of letters, digits and `_`, and "
            + "begins with no digit"
        check([
            ("[env.common]\n'A B' = ''", ["2:1: error: `env.common.\"A B\"` \(fault)"]),
            ("[env.common]\n1A = ''", ["2:1: error: `env.common.1A` \(fault)"]),
            ("[env.common]\n'' = ''", ["2:1: error: `env.common.\"\"` \(fault)"]),
            ("[env.common]\n'A=B' = ''", ["2:1: error: `env.common.\"A=B\"` \(fault)"]),
            ("[env.prod]\nHOPS_ENV = ''", [
                """
                2:1: error: `env.prod.HOPS_ENV` is set by the platform, so it cannot be changed; choose \
                another name
                """
            ]),
            ("[env.prod]\nITERAPP_GIT_SHA = ''", [
                """
                2:1: error: `env.prod.ITERAPP_GIT_SHA` is set by the platform, so it cannot be changed; \
                choose another name
                """
            ]),
            ("[env.prod]\nHOPSCOTCH = ''\nDATABASE_URL = ''\nDB_HOST = ''", []),
        ])
    }

    func testPort() {
        let sentence = "error: the platform sets `PORT` to the `port`, which is"
        let advice = "; remove this line, or change `port`"
        check([
            ("[env.common]\nPORT = '3000'", []), ("port = 80\n[env.test]\nPORT = '80'", []),
            ("[env.common]\nPORT = '80'", ["2:1: \(sentence) 3000\(advice)"]),
            ("port = 80\n[env.common]\nPORT = '080'", ["3:1: \(sentence) 80\(advice)"]),
            ("[env.common]\nPORT = { secret = 'a', key = 'b' }", ["2:1: \(sentence) 3000\(advice)"]),
            ("port = '80'\n[env.common]\nPORT = '80'", [
                """
                1:8: error: `port` must be a whole number from 1 to 65535, not the text "80"; leave out \
                the quotes
                """
            ]),
        ])
    }

    func testValues() {
        let a = "`env.common.A`"
        let text = "must be a text in quotes, or { secret = \"…\", key = \"…\" }, not"
        check([
            ("[env.common]\nA = 1", ["2:5: error: \(a) \(text) a number; put it in quotes"]),
            ("[env.common]\nA = true", ["2:5: error: \(a) \(text) `true`; put it in quotes"]),
            ("[env.common]\nA.b = 'x'\nA.c = 'y'", [
                "2:1: error: \(a) contains a dot without quotes; put the variable's name in quotes"
            ]),
            ("[env.common]\nA.secret = 's'\nA.key = 'k'", []),
            ("[env.common]\nA = ['x']", ["2:5: error: \(a) \(text) a list"]),
            ("[env.common]\nA = \"\\u0000\"", ["2:5: error: \(a) cannot contain U+0000"]),
        ])
    }

    func testReferences() {
        let a = "`env.common.A`"
        check([
            ("[env.common]\nA = {}", ["2:5: error: \(a) needs { secret = \"…\", key = \"…\" }"]),
            ("[env.common]\nA = { secret = 's' }", [
                "2:5: error: \(a) needs the `key` of the Secret that holds its value"
            ]),
            ("[env.common]\nA = { key = 's' }", [
                "2:5: error: \(a) needs the name of the `secret` that holds its value"
            ]),
            ("[env.common]\nA = { secrt = 's', key = 'k' }", [
                "2:5: error: \(a) needs the name of the `secret` that holds its value",
                "2:7: error: unknown key `env.common.A.secrt`; did you mean `secret`?",
            ]),
            ("[env.common]\nA = { secret = 'S', key = 'k k' }", [
                """
                2:16: error: `env.common.A.secret` must be the name of a Kubernetes Secret such as \
                "db-keys", not the text "S"; it consists of a-z, 0-9, `-` and `.`
                """,
                """
                2:27: error: `env.common.A.key` must be a key of a Kubernetes Secret such as "password", \
                not the text "k k"; it consists of letters, digits, `-`, `_` and `.`
                """,
            ]),
            ("[env.common]\nA = { encrypted = 'x', key = 'y' }", [
                "2:5: error: \(a) is either { encrypted } or { secret, key }, not both"
            ]),
        ])
    }

    func testLongValues() {
        let a = "`env.common.A`"
        let long = String(repeating: "x", count: 131_072)
        XCTAssertEqual(
            problems("[env.common]\nA = '\(long)'"),
            ["2:5: error: \(a) is longer than the 131072 bytes that Linux allows"])
        XCTAssertEqual(problems("[env.common]\nA = '\(long.dropLast(3))'"), [])
    }

    func testValuesOfVariablesAreNotRepeated() {
        let confidential = "hunter2"
        let texts = [
            "[env.common]\nA = ['\(confidential)']", "[env.common]\nA = \"\(confidential)\\u0000\"",
            "[env]\nA = '\(confidential)'", "[env.common]\n1A = '\(confidential)'",
            "[env.common]\nport = '\(confidential)'", "[build_secrets]\na = '\(confidential)'",
            "[env.common]\nPORT = '\(confidential)'", "[env.common]\nA = { b = '\(confidential)' }",
        ]
        for text in texts {
            let found = problems(text)
            XCTAssertFalse(found.isEmpty, text)
            XCTAssertFalse(found.joined().contains(confidential), "\(found)")
        }
    }
}
