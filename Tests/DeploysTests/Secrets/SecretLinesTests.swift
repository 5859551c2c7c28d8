import XCTest

@testable import Deploys

/// What a build may not say.
final class SecretLinesTests: XCTestCase {
    private func masked(_ lines: [String], _ secrets: String...) -> [String] {
        let values = Dictionary(uniqueKeysWithValues: secrets.enumerated().map { ("s\($0.offset)", $0.element) })
        let masking = SecretLines(BuildSecrets(values))
        return lines.map { masking.masked($0) }
    }

    /// Programs colour parts of what they print, such as what differs.
    func testColoursWithinASecret() {
        XCTAssertEqual(
            masked(
                ["#7 0.1 token s3cr\u{1B}[31met-val\u{1B}[0mue!", "#7 0.2 \u{1B}[1ms3cret-value\u{1B}[0m", "#7 \u{1B}[2mok"],
                "s3cret-value"),
            ["#7 0.1 token •••!", "#7 0.2 \u{1B}[1m•••\u{1B}[0m", "#7 \u{1B}[2mok"])
    }

    func testASecretOverSeveralLines() {
        let secret = "first-line\n\nab\nlast\r\ncd"
        XCTAssertEqual(
            masked(
                [
                    "#7 0.1 key=first-line", "#8 0.1 ab", "#7 0.2 ", "#7 0.2 \u{1B}[31ma\u{1B}[0mb", "#7 0.2 last",
                    "#7 0.3 cd, and more", "#7 0.4 ab", "#7 0.5 cd",
                ], secret),
            [
                "#7 0.1 key=•••", "#8 0.1 ab", "#7 0.2 ", "#7 0.2 •••", "#7 0.2 •••", "#7 0.3 •••, and more", "#7 0.4 ab",
                "#7 0.5 cd",
            ])
    }

    func testTheEndOfALog() {
        let masking = SecretLines(BuildSecrets(["a": "first-line\nab", "b": "other-s3cret"]))
        let error = masking.masked(
            BuildError.failed(
                sentence: "`other-s3cret`", tail: ["x first-line", "ab", "ab", "other\u{1B}[1m-s3cret\u{1B}[0m"]))
        XCTAssertEqual(error, .failed(sentence: "`•••`", tail: ["x •••", "•••", "ab", "•••"]))
    }

    func testWithoutSecretsNothingIsTouched() {
        XCTAssertEqual(masked(["#7 0.1 \u{1B}[31mxoxb\u{1B}[0m"]), ["#7 0.1 \u{1B}[31mxoxb\u{1B}[0m"])
    }
}
