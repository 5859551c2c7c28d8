import AppFile
import XCTest

@testable import Deploys

/// Names, hosts and environment variables of a release.
final class ReleasePlanTests: XCTestCase {
    private let naming = Naming(
        defaultOrganisation: "iterate",
        domains: .init(prod: "{app}.app.iterate.no", test: "{app}.test.iterate.no", snap: "{env}.{app}.app.iterate.no"),
        externalDomains: .init(
            prod: "{app}.app.iterapp.no", test: "{app}.test.iterapp.no", snap: "{env}.{app}.app.iterapp.no"))

    private struct Tree: FileTree {
        let files: [String: String]
        func read(_ path: String) -> [UInt8]? { files[path].map { Array($0.utf8) } }
        func isFolder(_ path: String) -> Bool { files.keys.contains { $0.hasPrefix(path + "/") } }
    }

    private func plan(
        _ files: [String: String], app: String = "cats", in environment: EnvironmentName = .test
    ) throws -> Release {
        let (file, problems) = AppFile.load(from: Tree(files: files))
        return try plan(
            try XCTUnwrap(file, problems.map(\.description).joined(separator: "\n")), app: app, in: environment)
    }

    private func plan(
        _ settings: AppFile, app: String = "cats", in environment: EnvironmentName = .test
    ) throws -> Release {
        let id = try XCTUnwrap(AppID(parsing: app, defaultOrganisation: "iterate"))
        let commit = try XCTUnwrap(CommitID(String(repeating: "c0ffee12", count: 5)))
        let images = Dictionary(uniqueKeysWithValues: settings.applings.map { appling in
            (appling.name ?? "", ImageReference("image of \(appling.name ?? "it")"))
        })
        let plan = ReleasePlan(
            operation: OperationID(41), app: id, environment: environment, file: settings, commit: commit,
            buildNumber: 7, images: images)
        return try plan.release(naming)
    }

    private func plain(_ appling: ReleasedAppling) -> [String: String] {
        var values: [String: String] = [:]
        for variable in appling.variables {
            if case .plain(let value) = variable.value { values[variable.name] = value }
        }
        return values
    }

    func testAnAppWithoutSettingsGetsEveryDefaultAndAllPlatformVariables() throws {
        let release = try plan([:])
        XCTAssertEqual(release.namespace, "apps-cats-test")
        XCTAssertEqual(release.appSlug, "cats")
        XCTAssertEqual(release.buildNumber, 7)
        let appling = try XCTUnwrap(release.applings.first)
        XCTAssertEqual(appling.name, "cats")
        XCTAssertEqual(appling.image.text, "image of it")
        XCTAssertEqual(appling.replicas, 1)
        XCTAssertEqual(appling.hosts, ["cats.test.iterate.no"])
        let sha = String(repeating: "c0ffee12", count: 5)
        XCTAssertEqual(plain(appling), [
            "PORT": "3000", "HOPS_ENV": "test", "HOPS_GIT_SHA": sha, "HOPS_BUILD_ID": "7", "HOPS_BUILD_NUMBER": "7",
            "HOPS_DEPLOYMENT_ID": "41", "ITERAPP_GIT_SHA": sha, "ITERAPP_BUILD_NUMBER": "7",
            "ITERAPP_DEPLOYMENT_ID": "41", "HOPS_READINESS_PATH": "/health",
            "HOPS_DOMAIN": "cats.test.iterate.no", "HOPS_DOMAINS": "cats.test.iterate.no",
        ])
        XCTAssertEqual(appling.variables.map(\.name), appling.variables.map(\.name).sorted())
    }

    func testTheFilesVariablesAreThoseOfTheEnvironmentAndThePlatformSaysWhatTheFileSet() throws {
        let files = [
            "iterapp.toml": """
            port = 8080
            readiness_path = "/ready"
            domains = ["cats.cool", "www.cats.cool"]
            [metrics]
            path = "/figures"
            [env.common]
            GREETING = "hello"
            MOOD = "calm"
            TOKEN = { secret = "api", key = "token" }
            [env.prod]
            GREETING = "good day"
            [env.test]
            MOOD = "tense"
            """
        ]
        let appling = try XCTUnwrap(try plan(files, in: .prod).applings.first)
        let values = plain(appling)
        XCTAssertEqual(values["GREETING"], "good day")
        XCTAssertEqual(values["MOOD"], "calm")
        XCTAssertEqual(values["PORT"], "8080")
        XCTAssertEqual(values["HOPS_READINESS_PATH"], "/ready")
        XCTAssertEqual(values["HOPS_METRICS_PATH"], "/figures")
        XCTAssertEqual(values["HOPS_METRICS_PORT"], "8080", "the appling's own port when none is named")
        XCTAssertEqual(values["HOPS_DOMAIN"], "cats.cool")
        XCTAssertEqual(values["HOPS_DOMAINS"], "cats.cool,www.cats.cool,cats.app.iterate.no")
        XCTAssertEqual(
            appling.variables.first { $0.name == "TOKEN" }?.value, .secret(name: "api", key: "token"))
        XCTAssertEqual(appling.replicas, 2)
    }

    func testAppsWithApplingsHaveANameAndAHostForEach() throws {
        let files = applingFiles(["frontend", "api"]).merging([
            "api/iterapp.toml": "[ingress]\ndisable = true\n", "frontend/iterapp.toml": "[metrics]\nport = 9000\n",
        ]) { _, own in own }
        let release = try plan(files, app: "Acme/My.Cats", in: try XCTUnwrap(EnvironmentName(parsing: "snap3")))
        XCTAssertEqual(release.namespace, "apps-acme-my-cats-snap3")
        XCTAssertEqual(release.applings.map(\.name), ["my-cats-frontend", "my-cats-api"])
        XCTAssertEqual(release.applings.map(\.hosts), [["frontend.snap3.my-cats.app.iterapp.no"], []])
        XCTAssertEqual(release.applings.map(\.image.text), ["image of frontend", "image of api"])
        XCTAssertEqual(plain(release.applings[0])["HOPS_METRICS_PORT"], "9000")
        XCTAssertEqual(plain(release.applings[0])["HOPS_METRICS_PATH"], "/metrics")
        XCTAssertNil(plain(release.applings[1])["HOPS_DOMAIN"], "nothing is routed to it")
        XCTAssertNil(plain(release.applings[1])["HOPS_METRICS_PATH"])
    }

    func testAHostIsListedOnceAndMayBeMadeTheMainOne() throws {
        let files = ["iterapp.toml": "domains = [\"Cats.app.iterate.no\", \"cats.cool\"]\n"]
        let release = try plan(files, in: .prod)
        XCTAssertEqual(release.applings[0].hosts, ["cats.app.iterate.no", "cats.cool"])
        let test = try plan(files)
        XCTAssertEqual(test.applings[0].hosts, ["cats.test.iterate.no"], "domains are prod's")
    }

    /// The file cannot know which hosts the platform gives out.
    func testAHostThatThePlatformGivesToAnotherApplingIsRefused() throws {
        let own = applingFiles(["web", "api"]).merging(
            ["web/iterapp.toml": "[domains_env]\ntest = [\"api.cats.test.iterate.no\"]\n"]) { $1 }
        assertFailure(own, "`api.cats.test.iterate.no` is asked for by `cats-web` and by `cats-api`.")
    }

    func testAHostOfAnotherEnvironmentIsRefused() throws {
        assertFailure(
            ["iterapp.toml": "[domains_env]\ntest = [\"cats.app.iterate.no\"]\n"],
            "`cats.app.iterate.no` is asked for by `cats` and is the app's own name in `prod`.")
        let mistake = ["iterapp.toml": "domains_env.test = [\"snap3.cats.app.iterate.no\"]\n"]
        assertFailure(
            mistake, "`snap3.cats.app.iterate.no` is asked for by `cats` and is the app's own name in `snap3`.")
        XCTAssertNoThrow(try plan(mistake, in: .prod), "only test asks for it")
    }

    func testANameThatIsTooLongForTheClusterIsRefused() throws {
        let long = String(repeating: "a", count: 60)
        assertFailure(applingFiles([long]), "`cats-\(long)` can't be a name in the cluster: at most 63 lower-case "
            + "letters, digits and `-`.")
    }

    private func assertFailure(_ files: [String: String], _ sentence: String, line: UInt = #line) {
        do {
            _ = try plan(files)
            XCTFail("was planned", line: line)
        } catch {
            XCTAssertEqual((error as? Failure)?.sentence ?? "\(error)", sentence, line: line)
        }
    }
}
