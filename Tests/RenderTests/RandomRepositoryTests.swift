import AppFile
import Bot
import Deploys
import Foundation
import JSON
import TestSupport
import XCTest

/// Whatever is written into a settings file is either refused with a place and a sentence, or becomes objects.
final class RandomRepositoryTests: XCTestCase {
    private static let files = 240
    /// Found out by trying: of so many files, these are valid at least. Were it none, nothing would be shown.
    private static let minValidFiles = 40

    func testWhateverIsAcceptedIsRenderedAndFitsTheSchemas() async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        let tables = try GoldenRepository.all().flatMap { try $0.tables() }
        var repository = RandomRepository(tables, seed: seed)
        var valid: [SchemaValidator.Case] = []
        for number in 0..<Self.files {
            let text = repository.file(spoilt: number.isMultiple(of: 2) ? 0 : 3, without: ["applings"])
            let minor = [SchemaValidator.oldestMinor, SchemaValidator.newestMinor][number / 2 % 2]
            if let objects = try render(text, minor, using: &repository.random) {
                valid.append(.init(name: text, kubernetesMinor: minor, objects: objects))
            }
        }
        XCTAssertGreaterThan(valid.count, Self.minValidFiles, "seed \(seed)")
        let problems = try await SchemaValidator.problems(in: valid)
        XCTAssertEqual(problems, [], "seed \(seed)")
    }

    /// - Returns: nil when it is refused.
    private func render(_ text: String, _ minor: Int, using random: inout SeededRandom) throws -> [JSON]? {
        let environment = try XCTUnwrap(EnvironmentName.all.randomElement(using: &random))
        var settings = try Settings.Rendering.read([
            "ITERAPP_ROUTING": Bool.random(using: &random) ? "gateway" : "ingress",
            "ITERAPP_INGRESS_CONTROLLER": Bool.random(using: &random) ? "nginx" : "traefik",
            "ITERAPP_POD_MONITORS": "\(Bool.random(using: &random))",
        ])
        settings.options.kubernetesMinor = minor
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
            return nil
        }
        let errors = rendering.check.problems.filter { $0.severity == .error }
        XCTAssertEqual(errors.isEmpty, rendering.objects != nil, text)
        for problem in rendering.check.problems {
            XCTAssertTrue(problem.line > 0 && problem.column > 0 && !problem.message.isEmpty, "\(problem)\n\(text)")
        }
        return rendering.objects
    }
}
