import Foundation
import TOML
import XCTest

/// A small repository under `Fixtures/repositories`, named like its app:
///
/// - `repository/`: what is in Git
/// - `{environment}.json`: the objects that it becomes there; `{environment}.txt`: what people are told, if anything
/// - `settings.env`: the operator's settings that differ from the defaults, `NAME=value` a line. `APP` is another name
///   for the app, `KUBERNETES` the minor version of the
///   cluster.
struct GoldenRepository {
    let directory: URL

    var name: String { directory.lastPathComponent }
    var files: URL { directory.appending(path: "repository", directoryHint: .isDirectory) }

    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/repositories", directoryHint: .isDirectory)

    static func all() throws -> [GoldenRepository] {
        try FileManager.default.contentsOfDirectory(atPath: fixtures.path).sorted().map {
            GoldenRepository(directory: fixtures.appending(path: $0, directoryHint: .isDirectory))
        }
    }

    /// For which there are goldens.
    func environments() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
    }

    func settings() throws -> [String: String] {
        let file = directory.appending(path: "settings.env")
        guard FileManager.default.fileExists(atPath: file.path) else { return [:] }
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return Dictionary(
            try lines.map { line in
                let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
                return (parts[0], try XCTUnwrap(parts.last))
            }, uniquingKeysWith: { _, last in last })
    }

    /// All its `iterapp.toml` files, the root file first.
    func tables() throws -> [TOMLTable] {
        let folders = try FileManager.default.contentsOfDirectory(atPath: files.path).sorted()
        return try ([""] + folders.map { $0 + "/" }).compactMap { folder in
            let file = files.appending(path: "\(folder)iterapp.toml")
            guard FileManager.default.fileExists(atPath: file.path) else { return nil }
            return try TOMLTable(parsing: [UInt8](Data(contentsOf: file)))
        }
    }
}
