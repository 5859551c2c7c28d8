import Foundation
import JSON
import XCTest

@testable import Sandbox

/// The embedded API takes every object that the bot renders, field by field, with strict checks.
final class ClusterAPIRenderedObjectsTests: XCTestCase {
    /// The goldens of the renderer: what it makes today, whatever that is.
    private static let goldens = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../KubernetesTests/Fixtures/objects")

    private func objects(_ url: URL) throws -> [JSON] {
        let json = try JSON.parse(Data(contentsOf: url))
        return json["items"]?.array ?? json.array ?? []
    }

    private func path(_ object: JSON) throws -> String {
        let kind = try XCTUnwrap(
            ResourceKind.find(
                apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? ""),
            "the embedded API does not know \(object["kind"]?.text ?? "")")
        let root = kind.group.isEmpty ? "/api/v1" : "/apis/\(kind.apiVersion)"
        let namespace = kind.isNamespaced ? "/namespaces/\(object.namespace)" : ""
        return "\(root)\(namespace)/\(kind.plural)/\(object.name)"
    }

    func testAppliesAllOfThemAndChangesNothingTheSecondTime() async throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.goldens, includingPropertiesForKeys: nil)
        XCTAssertFalse(files.isEmpty)
        for file in files {
            let api = try ClusterAPIHarness()
            let objects = try objects(file)
            XCTAssertGreaterThan(objects.count, 3, file.lastPathComponent)
            for object in objects {
                let path = try path(object)
                let made = try await api.apply(path, object, force: true)
                XCTAssertEqual(made.status, 201, "\(file.lastPathComponent) \(path): \(made.text)")
                let again = try await api.apply(path, object, force: true)
                XCTAssertEqual(again.json, made.json, path)
            }
            await api.api.stop()
        }
    }
}
