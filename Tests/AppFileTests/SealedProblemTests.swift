import AppFile
import XCTest

/// What is said about encrypted values that cannot be used where they stand.
final class SealedProblemTests: XCTestCase {
    private func problems(_ files: [String: String], app: String? = nil) -> [String] {
        AppFile.load(from: TextTree(files), app: app).problems.map(\.description)
    }

    private func problems(_ text: String, app: String? = nil) -> [String] {
        problems(["iterapp.toml": text], app: app).map { String($0.dropFirst("iterapp.toml:".count)) }
    }

    func testEachScopeInItsPlace() throws {
        let (common, prod, build) = (try sealed(.common).text, try sealed(.prod).text, try sealed(.build).text)
        let text = """
            [env]
            common.A = { encrypted = "\(common)" }
            prod.A = { encrypted = "\(prod)" }
            test.A = { encrypted = "\(common)" }
            snap0.A = { encrypted = "\(common)" }
            [build_secrets]
            a = { encrypted = "\(build)" }
            """
        XCTAssertEqual(problems(text), [])
        XCTAssertEqual(problems(text, app: "Iterate/Cats"), [])
        let swapped = """
            [env]
            common.A = { encrypted = "\(prod)" }
            prod.A = { encrypted = "\(common)" }
            test.A = { encrypted = "\(build)" }
            [build_secrets]
            a = { encrypted = "\(prod)" }
            """
        func sentence(_ found: String, _ wanted: String) -> String {
            "was encrypted for the scope `\(found)`, which cannot be opened here; encrypt the secret again with "
                + "`iterapp encrypt --app iterate/cats --scope \(wanted)`"
        }
        XCTAssertEqual(
            problems(swapped),
            [
                "2:26: error: `env.common.A` \(sentence("prod", "common"))",
                "3:24: error: `env.prod.A` \(sentence("common", "prod"))",
                "4:24: error: `env.test.A` \(sentence("build", "common"))",
                "6:19: error: `build_secrets.a` \(sentence("prod", "build"))",
            ])
    }

    func testValuesOfAnotherApp() throws {
        let dogs = try sealed(.common, app: "iterate/dogs").text
        let text = "[env.common]\nA = { encrypted = '\(dogs)' }"
        XCTAssertEqual(problems(text), [])
        XCTAssertEqual(
            problems(text, app: "iterate/cats"),
            [
                """
                2:19: error: `env.common.A` was encrypted for the app `iterate/dogs`, and this is `iterate/cats`; \
                encrypt the secret again with `iterapp encrypt --app iterate/cats --scope common`
                """
            ])
    }

    func testValuesOfTwoAppsInOneRepository() throws {
        let (cats, dogs) = (try sealed(.common).text, try sealed(.build, app: "iterate/dogs").text)
        let files = [
            "iterapp.toml": "applings = ['a']\n[env.common]\nA = { encrypted = '\(cats)' }",
            "a/iterapp.toml": "[build_secrets]\nb = { encrypted = '\(dogs)' }",
        ]
        XCTAssertEqual(
            problems(files),
            [
                """
                a/iterapp.toml:2:19: error: `build_secrets.b` was encrypted for the app `iterate/dogs`, and the \
                value on line 3 of iterapp.toml for `iterate/cats`; a repository is one app, which can open only \
                its own values
                """
            ])
        XCTAssertEqual(problems(files, app: "iterate/cats").count, 1)
    }

    func testDamagedAndForeignValues() throws {
        let text = try sealed(.prod).text
        let advice = "encrypt the secret again with `iterapp encrypt --app iterate/cats --scope prod`"
        let cases = [
            (String(text.dropLast(5)), """
                is damaged: a part of the encrypted text is missing or changed; copy the whole of it again
                """),
            ("MBZ53sHc3dNOd9KhArzTy", "is no encrypted text of this Iterapp, or its beginning is missing; \(advice)"),
            ("", "is no encrypted text of this Iterapp, or its beginning is missing; \(advice)"),
        ]
        for (value, sentence) in cases {
            XCTAssertEqual(
                problems("[env.prod]\nA = { encrypted = '\(value)' }", app: "iterate/cats"),
                ["2:19: error: `env.prod.A` \(sentence)"])
        }
        XCTAssertEqual(
            problems("[env.prod]\nA = { encrypted = 'x' }").first?.hasSuffix("--app APP --scope prod`"), true)
    }
}
