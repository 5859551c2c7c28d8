import Foundation
import JSON
import Subprocess
import TestSupport
import XCTest

/// `iterapp render`
final class RenderTests: XCTestCase {
    private let files = [
        "iterapp.toml": "applings = [\"web\", \"api\"]\n", "web/iterapp.toml": "port = 80\n", "api/iterapp.toml": "",
    ]
    private let sha = String(repeating: "1234abcd", count: 5)

    /// The items of a List, by `kind/name`.
    private func objects(_ end: Program.End) throws -> [String: JSON] {
        let list = try JSON.parse(end.output)
        XCTAssertEqual(list["kind"], "List")
        XCTAssertEqual(list["apiVersion"], "v1")
        return Dictionary(uniqueKeysWithValues: try XCTUnwrap(list["items"]?.array).map { object in
            ("\(object["kind"]?.string ?? "")/\(object.at("metadata", "name")?.string ?? "")", object)
        })
    }

    private func image(_ objects: [String: JSON], _ name: String) -> String? {
        objects["Deployment/\(name)"]?.at("spec", "template", "spec", "containers")?[0]?["image"]?.string
    }

    private func environment(_ objects: [String: JSON]) -> [String: String] {
        var values: [String: String] = [:]
        for object in objects.values where object["kind"] == "Secret" {
            for (name, value) in object["data"]?.object ?? [:] {
                values[name] = Data(base64Encoded: value.string ?? "").map { String(decoding: $0, as: UTF8.self) }
            }
        }
        return values
    }

    func testTheSameInputGivesTheSameBytes() async throws {
        try await Program.with(files) { directory in
            var outputs: Set<String> = []
            for _ in 0..<3 {
                let end = try await Program.run(
                    "render", directory.path, "--app", "cats", "--env", "prod", "--commit", sha,
                    "--image", "web=web:1", "--image=api=registry.example/api@sha256:\(sha)")
                XCTAssertEqual(end.exitCode, 0, end.errors)
                outputs.insert(end.output)
                let objects = try objects(end)
                XCTAssertEqual(image(objects, "cats-web"), "web:1")
                XCTAssertEqual(image(objects, "cats-api"), "registry.example/api@sha256:\(sha)")
                XCTAssertNotNil(objects["Namespace/apps-cats-prod"])
                let environment = environment(objects)
                XCTAssertEqual(environment["HOPS_GIT_SHA"], sha)
                XCTAssertEqual(environment["HOPS_BUILD_ID"], "0")
                XCTAssertEqual(environment["HOPS_DEPLOYMENT_ID"], "0")
            }
            XCTAssertEqual(outputs.count, 1)
            XCTAssertTrue(outputs.first?.hasSuffix("}\n") == true)
        }
    }

    func testWithoutImagesTheyAreCalledAsTheBuilderWould() async throws {
        try await Program.with(files) { directory in
            let end = try await Program.run(
                "render", "--app", "Org/My_Cats", "--env", "snap-3", "--commit", sha, directory: directory)
            XCTAssertEqual(image(try objects(end), "my-cats-web"), "iterapp/org/my-cats.web:1234abc-0")
            let pushed = try await Program.run(
                "render", "--app", "cats", "--env", "prod", "--commit", sha,
                environment: ["ITERAPP_REGISTRY": "registry.example/apps"], directory: directory)
            XCTAssertEqual(image(try objects(pushed), "cats-api"), "registry.example/apps/cats.api:1234abc-0")
        }
    }

    func testTheCommitIsTheOneOfTheRepository() async throws {
        try await withTemporaryDirectory { directory in
            let repository = GitRepository(directory: directory)
            try await repository.git("init", "--quiet")
            try await repository.git("config", "user.name", "Cat Keeper")
            try await repository.git("config", "user.email", "cats@localhost")
            _ = try await repository.commit(["iterapp.toml": "port = 80\n", "inner/iterapp.toml": ""], "First")
            let head = try await repository.head()
            let end = try await Program.run("render", "--app", "cats", "--env", "test", directory: directory)
            XCTAssertEqual(environment(try objects(end))["HOPS_GIT_SHA"], head)
            XCTAssertEqual(end.errors, "")
            let inner = try await Program.run("render", "inner", "--app", "cats", "--env", "test", directory: directory)
            XCTAssertEqual(
                environment(try objects(inner))["HOPS_GIT_SHA"], String(repeating: "0", count: 40),
                "what the folder around it is at says nothing about this one")
        }
        try await Program.with(["iterapp.toml": "", ".git": "gitdir: nowhere\n"]) { directory in
            let end = try await Program.run("render", "--app", "cats", "--env", "test", directory: directory)
            XCTAssertEqual(end.exitCode, 0)
            XCTAssertTrue(
                end.errors.hasPrefix("warning: Git does not tell the commit of . (fatal: not a git repository: ")
                    && end.errors.hasSuffix("/nowhere). Say which one it is with --commit.\n"), end.errors)
        }
    }

    func testSettingsComeFromTheEnvironmentAndNoSecretIsNeeded() async throws {
        try await Program.with(["iterapp.toml": ""]) { directory in
            let settings = [
                "ITERAPP_DOMAIN_PROD": "{app}.example.com", "ITERAPP_ROUTING": "ingress", "ITERAPP_DEFAULT_ORG": "acme",
            ]
            let end = try await Program.run(
                "render", "--app", "acme/cats", "--env", "prod", environment: settings, directory: directory)
            let objects = try objects(end)
            XCTAssertNotNil(objects["Namespace/apps-cats-prod"])
            XCTAssertTrue(objects.keys.contains { $0.hasPrefix("Ingress/") })
            XCTAssertEqual(environment(objects)["HOPS_DOMAIN"], "cats.example.com")
            let gateway = try await Program.run(
                "render", "--app", "cats", "--env", "prod", "--routing=gateway", environment: settings,
                directory: directory)
            XCTAssertTrue(try self.objects(gateway).keys.contains { $0.hasPrefix("HTTPRoute/") })
            let wrong = try await Program.run(
                "render", "--app", "cats", "--env", "prod", environment: ["ITERAPP_DOMAIN_PROD": "cats"],
                directory: directory)
            XCTAssertEqual(wrong.exitCode, 1)
            XCTAssertTrue(wrong.errors.contains("ITERAPP_DOMAIN_PROD must contain {app}"), wrong.errors)
        }
    }

    func testNothingIsPrintedWithAnError() async throws {
        try await Program.with(["iterapp.toml": "prot = 80\n"]) { directory in
            let end = try await Program.run("render", "--app", "cats", "--env", "prod", directory: directory)
            let check = try await Program.run("check", directory: directory)
            XCTAssertEqual(end.exitCode, 1)
            XCTAssertEqual(end.output, "")
            XCTAssertEqual(end.errors, check.output)
        }
        let collision = files.merging(["web/iterapp.toml": "domains = [\"api.cats.app.iterate.no\"]\n"]) { $1 }
        let sentence = "`api.cats.app.iterate.no` is asked for by `cats-web` and by `cats-api`. Give each host to one "
            + "appling only."
        try await Program.with(collision) { directory in
            let end = try await Program.run("render", "--app", "cats", "--env", "prod", directory: directory)
            XCTAssertEqual(end.exitCode, 1)
            XCTAssertEqual(end.output, "")
            let check = try await Program.run("check", "--app", "cats", directory: directory)
            XCTAssertEqual(check.exitCode, 1)
            XCTAssertEqual(check.output, "iterapp.toml:1:1: error: \(sentence)\n1 error in 3 files.\n")
            XCTAssertEqual(end.errors, check.output)
        }
    }

    func testImagesOfUnknownApplings() async throws {
        try await Program.with(files) { directory in
            for (image, sentence) in [
                ("x:1", "Say whose image it is, as in web=IMAGE: the app's applings are web, api."),
                ("wep=x:1", "There is no appling wep: the app's are web, api."),
            ] {
                let end = try await Program.run(
                    "render", "--app", "cats", "--env", "prod", "--image", image, directory: directory)
                XCTAssertEqual(end.exitCode, 1)
                XCTAssertEqual(end.errors, "iterapp: \(sentence)\n")
            }
        }
        try await Program.with([:]) { directory in
            let end = try await Program.run(
                "render", "--app", "cats", "--env", "prod", "--image", "web=x:1", directory: directory)
            XCTAssertEqual(end.errors, "iterapp: The app has no applings: name its image without web= in front.\n")
        }
    }

    func testWrongUsage() async throws {
        let cases: [([String], String)] = [
            ([], "render needs --app."), (["--app", "cats"], "render needs --env."),
            (["--app", "a/b/c", "--env", "prod"], "--app must be a repository's name, such as cats or org/cats, not a/b/c."),
            (["--app", "cats", "--env", "live"], "--env must be prod, test or snap0 to snap9, not live."),
            (["--app=cats", "--env=prod", "--commit=main"],
             "--commit must be the 40 hexadecimal digits of a commit, not main."),
            (["--app=cats", "--env=prod", "--image=a b"], "--image must be an image's name, or APPLING=IMAGE, not a b."),
            (["--app=cats", "--env=prod", "--image=a=b", "--image=a=c"], "The image of a is given twice."),
            (["--app=cats", "--env=prod", "--routing=nginx"], "--routing must be gateway or ingress, not nginx."),
            (["--app=cats", "--env=prod", "--kubernetes=2"], "--kubernetes must be a version, 1.25 or newer, not 2."),
        ]
        for (arguments, sentence) in cases {
            let run = ProgramRun(DemoProcess.binary.path, ["render"] + arguments, timeLimit: .seconds(30))
            let result = try await run.run()
            XCTAssertEqual(result.exitCode, 2)
            let errors = String(decoding: result.errorOutput, as: UTF8.self)
            XCTAssertTrue(errors.hasPrefix("iterapp: \(sentence)\n\nusage: iterapp render"), errors)
        }
    }
}
