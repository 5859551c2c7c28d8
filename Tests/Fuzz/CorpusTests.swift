import Foundation
import XCTest

/// Everything that fuzzing has found worth keeping is tried again, with all that must hold. A corpus is a file of lines,
/// each an input in base64: thousands of small files would be a burden to whoever clones them.
final class CorpusTests: XCTestCase {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

    func testEveryTargetTakesItsCorpus() throws {
        for target in FuzzTarget.all {
            let file = Self.folder.appending(path: "\(target.name).txt")
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            XCTAssertGreaterThan(lines.count, 50, "the corpus of \(target.name) is gone")
            for (index, line) in lines.enumerated() {
                let bytes = try XCTUnwrap(Data(base64Encoded: String(line)), "\(target.name):\(index + 1) is no base64")
                do { try target.check(Array(bytes)) } catch { XCTFail("\(target.name):\(index + 1): \(error)") }
            }
        }
    }

    func testEveryCorpusHasItsTarget() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        XCTAssertEqual(files.sorted(), FuzzTarget.all.map { "\($0.name).txt" }.sorted())
    }
}
