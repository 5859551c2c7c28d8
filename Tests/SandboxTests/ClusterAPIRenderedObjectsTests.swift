import Foundation
import JSON
import XCTest

@testable import Sandbox

/// The embedded API takes every object that the bot renders, field by field, with strict checks.
final class ClusterAPIRenderedObjectsTests: XCTestCase {
    /// The goldens of the renderer: what it makes today, whatever that is.
    private static func goldens() throws -> [URL] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let few = try FileManager.default.contentsOfDirectory(
            at: tests.appending(path: "KubernetesTests/Fixtures/objects"), includingPropertiesForKeys: nil)
        let repositories = try FileManager.default.contentsOfDirectory(
            at: tests.appending(path: "RenderTests/Fixtures/repositories"), includingPropertiesForKeys: nil)
        let many = try repositories.flatMap {
            try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
        }.filter { $0.pathExtension == "json" }
        XCTAssertGreaterThan(few.count, 0)
        XCTAssertGreaterThan(many.count, 25)
        return few + many
    }

    private static func objects(_ url: URL) throws -> [JSON] {
        let json = try JSON.parse(Data(contentsOf: url))
        return json["items"]?.array ?? json.array ?? []
    }

    private static func path(_ object: JSON) throws -> String {
        let kind = try XCTUnwrap(
            ResourceKind.find(
                apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? ""),
            "the embedded API does not know \(object["kind"]?.text ?? "")")
        let root = kind.group.isEmpty ? "/api/v1" : "/apis/\(kind.apiVersion)"
        let namespace = kind.isNamespaced ? "/namespaces/\(object.namespace)" : ""
        return "\(root)\(namespace)/\(kind.plural)/\(object.name)"
    }

    func testAppliesAllOfThemAndChangesNothingTheSecondTime() async throws {
        let files = try Self.goldens()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for file in files { group.addTask { try await Self.check(file) } }
            try await group.waitForAll()
        }
    }

    private static func check(_ file: URL) async throws {
        let name = "\(file.deletingLastPathComponent().lastPathComponent)/\(file.lastPathComponent)"
        let api = try ClusterAPIHarness()
        let objects = try objects(file)
        XCTAssertGreaterThan(objects.count, 3, name)
        for object in objects {
            let path = try path(object)
            let made = try await api.apply(path, object, force: true)
            XCTAssertEqual(made.status, 201, "\(name) \(path): \(made.text)")
            let again = try await api.apply(path, object, force: true)
            XCTAssertEqual(again.json, made.json, path)
        }
        await api.api.stop()
    }
}
