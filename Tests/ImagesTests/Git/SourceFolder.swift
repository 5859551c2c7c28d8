import Deploys
import Foundation
import Images
import TestSupport
import XCTest

/// A source over a folder of repositories, with what tests look at.
struct SourceFolder {
    let root: URL
    /// Where the source puts what it is about to remove.
    var rubbish: String { root.appending(path: "work/rubbish").path }
    var options = GitOptions()
    var environment = ProcessInfo.processInfo.environment
    var now: @Sendable () -> Date = { Date() }

    var mirrors: URL { root.appending(path: "work/mirrors") }
    var checkOuts: URL { root.appending(path: "work/check-outs") }

    func source() throws -> GitSource {
        let remotes = DirectoryRemotes(root: root.appending(path: "repositories"), defaultOrganisation: "iterate")
        return try source { remotes.remote(of: $0) }
    }

    func source(_ remotes: @escaping @Sendable (AppID) async throws(SourceError) -> GitRemote?) throws -> GitSource {
        try GitSource(
            workDirectory: root.appending(path: "work"), environment: environment, options: options, now: now,
            remotes: remotes)
    }

    func repository(_ name: String) async throws -> Repository {
        try await Repository(at: root.appending(path: "repositories/\(name)"))
    }

    func mirror(_ name: String) -> URL { mirrors.appending(path: "iterate+\(name).git") }

    /// Names of the apps that have mirrors, sorted.
    func mirrored() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: mirrors.path).sorted()
            .map { $0.replacing("iterate+", with: "").replacing(".git", with: "") }
    }

    /// Bytes of all files below a folder.
    static func bytes(_ folder: URL) -> Int {
        let paths = FileManager.default.subpaths(atPath: folder.path) ?? []
        return paths.reduce(0) { sum, path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)
            return sum + (attributes?[.type] as? FileAttributeType == .typeRegular ? attributes?[.size] as? Int ?? 0 : 0)
        }
    }

    /// Text that no program makes smaller than about 4 bits a character.
    static func noise(_ count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return String(
            (0..<(count + 15) / 16).map { _ in
                let digits = String(generator.next(), radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined().prefix(count))
    }

    static func app(_ name: String) -> AppID { AppID(organisation: "iterate", name: name) }
}

extension GitSource {
    func resolve(_ text: String, _ app: String) async throws -> Commit {
        try await resolve(try XCTUnwrap(Revision(text)), of: SourceFolder.app(app))
    }

    func checkOut(_ sha: String, _ app: String) async throws -> Checkout {
        try await checkOut(try XCTUnwrap(CommitID(sha)), of: SourceFolder.app(app))
    }
}

/// Waits until something outside of this process has happened.
func eventually(_ what: String, _ condition: () throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while try !condition() {
        guard .now < deadline else { return XCTFail("\(what) did not happen") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
