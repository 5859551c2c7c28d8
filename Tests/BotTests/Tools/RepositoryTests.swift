import AppFile
import Deploys
import Foundation
import JSON
import TestSupport
import XCTest

@testable import Bot

/// Checking and rendering the files in a folder.
final class RepositoryTests: XCTestCase {
    private let cats = AppID(organisation: "iterate", name: "cats")

    private func with<T>(_ files: [String: String], _ body: (String) throws -> T) async throws -> T {
        try await withTemporaryDirectory { directory in
            for (path, text) in files {
                let file = directory.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            return try body(directory.path)
        }
    }

    private func settings(_ change: (inout Settings.Rendering) -> Void = { _ in }) throws -> Settings.Rendering {
        var settings = try Settings.Rendering.read([:])
        change(&settings)
        return settings
    }

    func testTheSummaryCountsErrorsWarningsAndFiles() async throws {
        let cron = "[cronjobs.a]\nschedule = \"0 4 * * *\"\npath = \"/\"\n"
        let cases: [([String: String], String)] = [
            ([:], "There is no iterapp.toml here: every setting has its default."),
            (["iterapp.toml": ""], "No problems in 1 file."),
            (["iterapp.toml": cron], "1 warning in 1 file."),
            (["iterapp.toml": "a = 1\nb = 2\n" + cron], "2 errors and 1 warning in 1 file."),
            (["iterapp.toml": "applings = [\"w\"]\n", "w/iterapp.toml": cron + "[cronjobs.b]\n"],
             "2 errors and 2 warnings in 2 files."),
        ]
        for (files, summary) in cases {
            try await with(files) { XCTAssertEqual(try RepositoryCheck(directory: $0).summary, summary) }
        }
    }

    func testTheSummaryCountsFilesThatCannotBeRead() async throws {
        try await with(["iterapp.toml/x": ""]) {
            XCTAssertEqual(try RepositoryCheck(directory: $0).summary, "1 error in 1 file.")
        }
        try await with(["iterapp.toml": "applings = [\"w\"]\n", "w/iterapp.toml/x": ""]) {
            XCTAssertEqual(try RepositoryCheck(directory: $0).summary, "1 error in 2 files.")
        }
    }

    func testFilesAreKeptForTheirLines() async throws {
        let files = ["iterapp.toml": "applings = [\"w\", \"v\"]\n", "w/iterapp.toml": "port = 1\n", "v/x": ""]
        try await with(files) { directory in
            let check = try RepositoryCheck(directory: directory)
            XCTAssertEqual(check.sources.mapValues { String(decoding: $0, as: UTF8.self) }, [
                "iterapp.toml": files["iterapp.toml"], "w/iterapp.toml": files["w/iterapp.toml"],
            ])
        }
    }

    func testAFolderThatCannotBeRead() async throws {
        try await with(["file": "", "shut/x": ""]) { directory in
            func problem(_ path: String) -> String? {
                do throws(InputProblem) { _ = try RepositoryCheck(directory: path) } catch { return error.sentence }
                return nil
            }
            XCTAssertEqual(problem("\(directory)/none"), "There is no folder \(directory)/none.")
            XCTAssertEqual(
                problem("\(directory)/file"),
                "\(directory)/file is no folder; name the repository's root, or leave it out.")
            XCTAssertEqual(
                problem("\(directory)/file/x"),
                "The folder \(directory)/file/x cannot be read: Not a directory.")
            try FileManager.default.createSymbolicLink(atPath: "\(directory)/loop", withDestinationPath: "loop")
            XCTAssertEqual(
                problem("\(directory)/loop"),
                "The folder \(directory)/loop cannot be read: Too many levels of symbolic links.")
        }
    }

    func testWhatIsWrongWithEverythingTogetherIsFoundOnceTheAppIsKnown() async throws {
        let files = [
            "iterapp.toml": "applings = [\"web\", \"api\"]\n",
            "web/iterapp.toml": "domains = [\"api.cats.app.iterate.no\"]\n", "api/iterapp.toml": "",
        ]
        try await with(files) { directory in
            var check = try RepositoryCheck(directory: directory)
            XCTAssertEqual(check.problems, [])
            check.addFaultsOfTheWhole(cats, try settings())
            XCTAssertEqual(check.problems.map(\.description), [
                "iterapp.toml:1:1: error: `api.cats.app.iterate.no` is asked for by `cats-web` and by `cats-api`. Give "
                    + "each host to one appling only."
            ])
            XCTAssertTrue(check.hasErrors)
        }
    }

    func testARenderingHasTheObjectsAndTheProblems() async throws {
        try await with(["iterapp.toml": "port = 80\n[env.common]\nTOKEN = \"x\"\n"]) { directory in
            let rendering = try RepositoryRendering(
                directory: directory, app: cats, environment: .prod, settings: settings { $0.registry = "r.example" })
            let objects = try XCTUnwrap(rendering.objects)
            XCTAssertEqual(objects.first?["kind"], "Namespace")
            let deployment = try XCTUnwrap(objects.first { $0["kind"] == "Deployment" })
            XCTAssertEqual(
                deployment.at("spec", "template", "spec", "containers")?[0]?["image"], "r.example/cats:0000000-0")
            XCTAssertEqual(rendering.check.problems, [])
            XCTAssertEqual(try JSON.parse(rendering.list ?? "")["items"]?.array, objects)
        }
        try await with(["iterapp.toml": "prot = 80\n"]) { directory in
            let rendering = try RepositoryRendering(
                directory: directory, app: cats, environment: .prod, settings: settings())
            XCTAssertNil(rendering.objects)
            XCTAssertNil(rendering.list)
            XCTAssertEqual(rendering.check.problems.count, 1)
        }
    }
}
