import Deploys
import Foundation
import Subprocess
import TestSupport
import XCTest

@testable import Images

/// What a build's client can read, and nobody finds afterwards.
final class BuildFolderTests: XCTestCase {
    private let secrets = BuildSecrets(["npm": "s3cret\ntwo", "../../token": "s3cret-one"])

    private func files(below root: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
    }

    func testSecretsAreInMemoryAndGoneAfterwards() async throws {
        try await withTemporaryDirectory { root in
            let folder = try BuildFolder(in: root.path, secrets: secrets, authFile: nil)
            XCTAssertEqual(try files(below: root).count, 1, "the folder itself")
            XCTAssertEqual(folder.secretFiles.map(\.id), ["../../token", "npm"])
            // As its client does, which is another process; twice, as each step has it from the beginning.
            for _ in 1...2 {
                let read = try await ProgramRun("cat", folder.secretFiles.map(\.path), timeLimit: .seconds(10)).run()
                XCTAssertEqual(String(decoding: read.output, as: UTF8.self), "s3cret-ones3cret\ntwo")
            }
            folder.remove()
            for file in folder.secretFiles { XCTAssertFalse(FileManager.default.fileExists(atPath: file.path)) }
            XCTAssertEqual(try files(below: root), [])
            // Others may have its number by then.
            let other = try FileHandle(forReadingFrom: URL(filePath: "/dev/null"))
            folder.remove()
            XCTAssertNoThrow(try other.offset())
        }
    }

    func testWhereThereIsNoMemoryForThemTheyAreTheOwnersFiles() async throws {
        try await withTemporaryDirectory { root in
            let folder = try BuildFolder(in: root.path, secrets: secrets, authFile: nil) { _ in nil }
            for (file, text) in zip(folder.secretFiles, ["s3cret-one", "s3cret\ntwo"]) {
                XCTAssertEqual(FileManager.default.contents(atPath: file.path), Data(text.utf8))
                for (path, mode) in [(file.path, 0o600), (folder.path, 0o700)] {
                    let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                    XCTAssertEqual(found, mode, path)
                }
            }
            // What is killed removes nothing; whoever starts next does.
            BuildFolder.removeAll(in: root.path)
            XCTAssertFalse(FileManager.default.fileExists(atPath: root.path))
        }
    }
}
