import AppFile
import TestSupport
import XCTest

@testable import Kubernetes

final class AccessFileTests: XCTestCase {
    private func problems(_ text: String) -> [String] {
        AccessFile(Array(text.utf8), path: "access.toml").problems.map(\.description)
    }

    func testAFileIsReadWithItsPeopleAndGroups() {
        let text = """
            [namespaces.apps-cats-prod]
            edit = ["kari@example.com", "group:platform@example.com"]
            view = []
            [namespaces]
            apps-cats-test.view = ["group:everybody"]
            apps-empty-test = {}
            """
        let file = AccessFile(Array(text.utf8), path: "access.toml")
        XCTAssertEqual(file.problems, [])
        XCTAssertEqual(
            file.grants,
            AccessGrants([
                "apps-cats-prod": [
                    .edit: [AccessSubject(.user, "kari@example.com"), AccessSubject(.group, "platform@example.com")]
                ],
                "apps-cats-test": [.view: [AccessSubject(.group, "everybody")]], "apps-empty-test": [:],
            ]))
        XCTAssertEqual(AccessFile([], path: "access.toml").grants, AccessGrants())
    }

    /// One mistake each: where it is, and what to do.
    func testMistakes() {
        let head = "[namespaces.apps-cats-prod]\n"
        let cases: [(String, String)] = [
            ("[namespace.apps-cats-prod]\n", "1:2: error: unknown key `namespace`; did you mean `namespaces`?"),
            (
                "[apps-cats-prod]\n",
                "1:2: error: unknown key `apps-cats-prod`; did you mean `[namespaces.apps-cats-prod]`?"
            ),
            (
                "people = 1\n",
                "1:1: error: unknown key `people`; the file has tables such as `[namespaces.apps-cats-prod]` only"
            ),
            (
                "edit = [\"kari\"]\n",
                "1:1: error: `edit` stands outside of a namespace; write it below a header such as "
                    + "`[namespaces.apps-cats-prod]`"
            ),
            (
                "namespaces = 1\n",
                "1:14: error: `namespaces` must be a table; write `[namespaces.apps-cats-prod]`"
            ),
            (
                "[namespaces]\nedit = [\"kari\"]\n",
                "2:1: error: `edit` must say in which namespace; write it below `[namespaces.apps-cats-prod]`"
            ),
            (
                "[namespaces.cats-prod]\n",
                "1:13: error: `cats-prod` is no app's namespace: those begin with “apps-”; did you mean "
                    + "`apps-cats-prod`?"
            ),
            (
                "[namespaces.Apps_cats]\n",
                "1:13: error: `Apps_cats` is no namespace: those have up to 63 lower-case letters, digits and “-”"
            ),
            (
                "[namespaces]\napps-cats-prod = [\"kari\"]\n",
                "2:18: error: `namespaces.apps-cats-prod` must be a table with `edit` and `view`"
            ),
            (head + "edti = []\n", "2:1: error: unknown key `edti`; did you mean `edit`?"),
            (head + "admin = []\n", "2:1: error: unknown key `admin`; `[namespaces.apps-cats-prod]` takes `edit` and `view`"),
            (
                head + "edit = \"kari\"\n",
                "2:8: error: `namespaces.apps-cats-prod.edit` must be a list of people and groups; put it in brackets: "
                    + "[\"kari\"]"
            ),
            (
                head + "edit = [1]\n",
                "2:9: error: each entry of `namespaces.apps-cats-prod.edit` must be a text, such as "
                    + "\"kari@example.com\""
            ),
            (head + "edit = [\"\"]\n", "2:9: error: `` names nobody"),
            (head + "edit = [\"group:\"]\n", "2:9: error: `group:` names no group"),
            (head + "edit = [\"kari nordmann\"]\n", "2:9: error: `kari nordmann` must be one name without spaces"),
            (head + "edit = [\"Group:ops\"]\n", "2:9: error: `Group:ops` looks like a group; write `group:ops`"),
            (head + "view = [\"a\", \"b\", \"a\"]\n", "2:19: error: `a` is listed twice"),
        ]
        for (text, expected) in cases {
            XCTAssertEqual(problems(text), ["access.toml:\(expected)"], text)
            XCTAssertNil(AccessFile(Array(text.utf8), path: "access.toml").grants)
        }
    }

    func testEveryMistakeIsFoundAtOnceAndInOrder() {
        let found = problems("[namespaces.cats]\nedti = 1\nview = [1, \"\"]\n[namespaces.apps-a-b]\nview = [\n")
        XCTAssertEqual(found.count, 5, "\(found)")
        XCTAssertEqual(found.map { $0.split(separator: ":")[1] }, found.map { $0.split(separator: ":")[1] }.sorted())
    }

    func testLimits() {
        let long = String(repeating: "x", count: 513)
        XCTAssertTrue(problems("[namespaces.apps-a-b]\nedit = [\"\(long)\"]\n")[0].contains("longer than 512 bytes"))
        let many = (0...500).map { "\"p\($0)\"" }.joined(separator: ", ")
        XCTAssertTrue(problems("[namespaces.apps-a-b]\nedit = [\(many)]\n")[0].contains("at most 500 are possible"))
        XCTAssertTrue(problems(String(repeating: "#", count: 1 << 20) + "#")[0].contains("the most that is read"))
        XCTAssertLessThanOrEqual(problems((0..<200).map { "k\($0) = 1\n" }.joined()).count, 100)
    }

    func testAFileThatIsNotThereIsAProblem() async throws {
        try await withTemporaryDirectory { directory in
            let missing = AccessFile.read(directory.appending(path: "absent.toml").path)
            XCTAssertNil(missing.grants)
            XCTAssertTrue(missing.problems[0].message.contains("cannot be read"), "\(missing.problems)")
            XCTAssertNil(AccessFile.read(directory.path).grants)
        }
    }
}
