import AppFile
import Bot
import Deploys
import Foundation
import TestSupport
import XCTest

/// Whatever is written into a settings file is either refused with a place and a sentence, or becomes objects.
final class RandomRepositoryTests: XCTestCase {
    private static let files = 600
    /// Found out by trying: of so many files, these are valid at least. Were it none, nothing would be shown.
    private static let minValidFiles = 100

    func testWhateverIsAcceptedIsRendered() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        let tables = try GoldenRepository.all().flatMap { try $0.tables() }
        var repository = RandomRepository(tables, seed: seed)
        var valid = 0
        for number in 0..<Self.files {
            let text = repository.file(spoilt: number.isMultiple(of: 2) ? 0 : 3, without: ["applings"])
            valid += try check(text, using: &repository.random) ? 1 : 0
        }
        XCTAssertGreaterThan(valid, Self.minValidFiles, "seed \(seed)")
    }

    /// - Returns: whether it is valid.
    private func check(_ text: String, using random: inout SeededRandom) throws -> Bool {
        let environment = try XCTUnwrap(EnvironmentName.all.randomElement(using: &random))
        let settings = try Settings.Rendering.read([
            "ITERAPP_ROUTING": Bool.random(using: &random) ? "gateway" : "ingress",
            "ITERAPP_POD_MONITORS": "\(Bool.random(using: &random))",
        ])
        let directory = FileManager.default.temporaryDirectory.appending(path: "iterapp-random-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data(text.utf8).write(to: directory.appending(path: "iterapp.toml"))
        let rendering: RepositoryRendering
        do throws(InputProblem) {
            rendering = try RepositoryRendering(
                directory: directory.path, app: AppID(organisation: "iterate", name: "cats"),
                environment: environment, settings: settings)
        } catch {
            XCTAssertTrue(error.sentence.hasSuffix("."), "\(error.sentence)\n\(text)")
            return false
        }
        let errors = rendering.check.problems.filter { $0.severity == .error }
        XCTAssertEqual(errors.isEmpty, rendering.objects != nil, text)
        for problem in rendering.check.problems {
            XCTAssertTrue(problem.line > 0 && problem.column > 0 && !problem.message.isEmpty, "\(problem)\n\(text)")
        }
        return rendering.objects != nil
    }
}
