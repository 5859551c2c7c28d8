import Foundation
import JSON
import XCTest

@testable import Kubernetes

/// Rendered objects beside this file, as `kubectl apply -f` takes them.
enum Golden {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/objects")

    /// Fails unless the objects are the file's, to the byte. With `REWRITE_GOLDENS=1` in the environment the file is
    /// written anew; read the difference before you commit it.
    static func check(
        _ objects: [JSON], _ name: String, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let text = KubernetesObjects.list(objects).prettyText + "\n"
        let golden = folder.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["REWRITE_GOLDENS"] == "1" {
            try Data(text.utf8).write(to: golden)
        }
        XCTAssertEqual(text, try String(contentsOf: golden, encoding: .utf8), file: file, line: line)
    }
}
