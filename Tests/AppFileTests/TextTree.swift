import AppFile
import XCTest

/// Files given as text, by path; their folders exist.
struct TextTree: FileTree {
    let files: [String: String]

    init(_ files: [String: String]) { self.files = files }

    func read(_ path: String) throws(FileTreeError) -> [UInt8]? {
        files[path].map { Array($0.utf8) }
    }

    func isFolder(_ path: String) throws(FileTreeError) -> Bool {
        files.keys.contains { $0.hasPrefix(path + "/") }
    }
}

/// The problems of a repository with one file, without the file's name.
func problems(_ text: String) -> [String] {
    AppFile.load(from: TextTree(["iterapp.toml": text])).problems
        .map { String($0.description.dropFirst("iterapp.toml:".count)) }
}

/// The only appling of a file that must have no problem.
func appling(
    _ text: String, file: StaticString = #filePath, line: UInt = #line
) throws -> Appling {
    let loaded = AppFile.load(from: TextTree(["iterapp.toml": text]))
    XCTAssertEqual(loaded.problems, [], file: file, line: line)
    let appFile = try XCTUnwrap(loaded.file, file: file, line: line)
    XCTAssertEqual(appFile.applings.count, 1, file: file, line: line)
    return try XCTUnwrap(appFile.applings.first, file: file, line: line)
}
