import Bot
import Foundation
import JSON
import Kubernetes
import TestSupport
import XCTest

/// What small repositories become, byte for byte. `REWRITE_GOLDENS=1 swift test --filter GoldenTests` writes the
/// files anew; read the difference before you commit it.
final class GoldenTests: XCTestCase {
    func testEveryRepositoryBecomesItsGolden() throws {
        let rewrites = ProcessInfo.processInfo.environment["REWRITE_GOLDENS"] != nil
        for repository in try GoldenRepository.all() {
            for environment in try repository.environments() {
                let rendering = try repository.rendering(in: environment)
                let list = try XCTUnwrap(rendering.list, "\(repository.name): \(repository.words(rendering))")
                let files = [("json", list), ("txt", repository.words(rendering))]
                for (kind, text) in files {
                    let file = repository.directory.appending(path: "\(environment).\(kind)")
                    if rewrites { try Self.write(text, to: file) }
                    let golden = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
                    XCTAssertTrue(text == golden, "\(file.path) differs: \(Self.difference(golden, text))")
                }
            }
        }
    }

    func testTheSameInputGivesTheSameBytes() throws {
        for repository in try GoldenRepository.all() {
            for environment in try repository.environments() {
                let first = try repository.rendering(in: environment).list
                for _ in 0..<3 { XCTAssertEqual(try repository.rendering(in: environment).list, first) }
            }
        }
    }

    func testNoGoldenHoldsAnObjectTwice() throws {
        for repository in try GoldenRepository.all() {
            for environment in try repository.environments() {
                let objects = try XCTUnwrap(try repository.rendering(in: environment).objects)
                let names = objects.map { "\($0["kind"]?.string ?? "") \($0.at("metadata", "name")?.string ?? "")" }
                XCTAssertEqual(names.count, Set(names).count, "\(repository.name): \(names.sorted())")
            }
        }
    }

    private static func write(_ text: String, to file: URL) throws {
        if text.isEmpty { try? FileManager.default.removeItem(at: file) } else { try Data(text.utf8).write(to: file) }
    }

    /// The first line that is not the same.
    private static func difference(_ golden: String, _ text: String) -> String {
        let (old, new) = (golden.components(separatedBy: "\n"), text.components(separatedBy: "\n"))
        let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
        func at(_ lines: [String]) -> String { line < lines.count ? lines[line] : "the end" }
        return "line \(line + 1) is \(at(new)), not \(at(old))"
    }
}
