import AppFile
import XCTest

/// Headers with a bracket too many, too few, or without a name.
final class HeaderTests: XCTestCase {
    func testBrackets() {
        let cases = [
            "[files.common]\nmount_path = '/a'\nsecret = 'b'": """
                1:8: error: `files.common` must be an array of tables, not a table; write two brackets on either \
                side: `[[files.common]]`
                """,
            "[[files]]\nmount_path = '/a'\nsecret = 'b'": """
                1:3: error: `files` must be a table, not a list; name the environment: `[[files.common]]`
                """,
            "[[postgres]]": """
                1:3: error: `postgres` must be a table, not a list; write one bracket on either side: `[postgres]`
                """,
            "[[env.common]]\nA = 'b'": """
                1:7: error: `env.common` must be a table, not a list; write one bracket on either side: \
                `[env.common]`
                """,
            "[[cronjobs.a]]\npath = '/'": """
                1:12: error: `cronjobs.a` must be a table, not a list; write one bracket on either side: \
                `[cronjobs.a]`
                """,
            "postgres = true": """
                1:12: error: `postgres` must be a table, not `true`; write the header `[postgres]` instead
                """,
            "nats = false": "1:8: error: `nats` must be a table, not `false`",
        ]
        for (text, expected) in cases { XCTAssertEqual(problems(text), [expected], text) }
    }

    func testSettingsWithoutTheNameOfTheirTable() {
        let cases = [
            "[cronjobs]\nschedule = '@daily'\npath = '/'": [
                """
                2:1: error: `schedule` is a setting of one task; write it below a header of its own, such as \
                `[cronjobs.update]`
                """,
                """
                3:1: error: `path` is a setting of one task; write it below a header of its own, such as \
                `[cronjobs.update]`
                """,
            ],
            "[files]\nmount_path = '/a'": [
                """
                2:1: error: `mount_path` is a setting of an environment; write it below a header of its own, such \
                as `[[files.common]]`
                """
            ],
        ]
        for (text, expected) in cases { XCTAssertEqual(problems(text), expected, text) }
    }
}
