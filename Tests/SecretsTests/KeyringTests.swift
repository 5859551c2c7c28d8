import Crypto
import Foundation
import TestSupport
import XCTest

@testable import Secrets

final class KeyringTests: XCTestCase {
    func testANewKeyStandsInFrontOfTheOthers() throws {
        let first = try Keyring.empty.rotated()
        let second = try first.rotated()
        XCTAssertNil(Keyring.empty.newest)
        XCTAssertEqual(second.keys.map(\.id), [second.keys[0].id, first.keys[0].id])
        XCTAssertEqual(second.newest?.id, second.keys[0].id)
        let again = try Keyring(text: second.text)
        XCTAssertEqual(again.keys.map(\.id), second.keys.map(\.id))
        XCTAssertEqual(again.text, second.text)
    }

    func testAnIDIsTheBeginningOfTheHash() throws {
        let key = try Keyring.empty.rotated().keys[0]
        XCTAssertEqual(key.id.description, String(hex(sha256(key.publicKey.bytes)).prefix(16)))
    }

    func testWhatIsNoKeyringIsToldApart() throws {
        func error(_ text: String) -> KeyringError? {
            do throws(KeyringError) { _ = try Keyring(text: text) } catch { return error }
            return nil
        }
        let ring = try Keyring.empty.rotated().rotated()
        let blocks = ring.keys.map(\.key.pem)
        XCTAssertNil(error("# a remark\n\(blocks[0])\r\n\nanother\n\(blocks[1])"))
        XCTAssertEqual(error(""), .noKeys)
        XCTAssertEqual(error("hello\n"), .noKeys)
        XCTAssertEqual(error(blocks[0] + blocks[1] + blocks[0]), .twice(ring.keys[0].id))
        XCTAssertEqual(error(blocks[0] + String(blocks[1].prefix(120))), .cutShort(number: 2))
        XCTAssertEqual(error(String(blocks[0].prefix(120)) + "\n" + blocks[1]), .cutShort(number: 1))
        XCTAssertEqual(error(blocks[0] + ring.keys[1].publicKey.pem), .badKey(number: 2, .noPrivateKey))
        XCTAssertEqual(error(String(repeating: "x", count: Keyring.maxTextBytes + 1)), .tooLarge)
        var full = ring
        while full.keys.count < Keyring.maxKeys { full = try full.rotated() }
        XCTAssertThrowsError(try full.rotated()) { XCTAssertEqual($0 as? KeyringError, .tooManyKeys) }
        XCTAssertEqual(error(full.text + P256PrivateKey().pem), .tooManyKeys)
    }

    func testNoErrorTellsAKey() throws {
        let pem = P256PrivateKey().pem
        let secret = pem.split(separator: "\n")[1]
        do {
            _ = try Keyring(text: pem + pem)
            XCTFail("taken")
        } catch { XCTAssertFalse(error.sentence.contains(secret)) }
    }
}

final class KeyFileTests: XCTestCase {
    private func withFile(_ body: (KeyFile, URL) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let file = directory.appending(path: "keys.pem")
            try await body(KeyFile(file.path), file)
        }
    }

    private func error(_ body: () throws(KeyFileError) -> Keyring) -> KeyFileError? {
        do throws(KeyFileError) { _ = try body() } catch { return error }
        return nil
    }

    private func mode(_ file: URL) throws -> Int {
        try XCTUnwrap(FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int)
    }

    func testTheFirstRotationMakesItAndOthersKeepWhatIsThere() async throws {
        try await withFile { keys, file in
            XCTAssertEqual(error(keys.read), .missing(path: file.path))
            let first = try keys.rotate()
            XCTAssertEqual(first.keys.count, 1)
            XCTAssertEqual(try mode(file), 0o600)
            let second = try keys.rotate()
            XCTAssertEqual(second.keys.map(\.id).last, first.keys[0].id)
            XCTAssertEqual(try keys.read().keys.map(\.id), second.keys.map(\.id))
            let left = try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
            XCTAssertEqual(left, ["keys.pem"])
        }
    }

    func testWhatAKilledRotationLeftIsNoObstacle() async throws {
        try await withFile { keys, file in
            let left = "\(file.path).\(getpid()).new"
            try Data("half".utf8).write(to: URL(filePath: left))
            let made = try keys.rotate()
            XCTAssertEqual(try keys.read().keys.map(\.id), made.keys.map(\.id))
            XCTAssertFalse(FileManager.default.fileExists(atPath: left))
        }
    }

    func testRotationsAtOnceLoseNoKey() async throws {
        try await withFile { keys, file in
            let made = try await withThrowingTaskGroup(of: KeyID.self) { group in
                for _ in 0..<8 { group.addTask { try await Self.onAThread { try keys.rotate().keys[0].id } } }
                return try await group.reduce(into: Set<KeyID>()) { $0.insert($1) }
            }
            XCTAssertEqual(made.count, 8)
            XCTAssertEqual(Set(try keys.read().keys.map(\.id)), made)
        }
    }

    private static func onAThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
        }
    }

    func testAFileThatOthersCanReadIsRefused() async throws {
        try await withFile { keys, file in
            _ = try keys.rotate()
            for mode in [0o640, 0o604, 0o660, 0o666] {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
                XCTAssertEqual(error(keys.read), .notPrivate(path: file.path, mode: UInt32(mode)))
                XCTAssertEqual(error(keys.rotate), .notPrivate(path: file.path, mode: UInt32(mode)))
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: file.path)
            XCTAssertEqual(try keys.read().keys.count, 1)
        }
    }

    func testWhatIsNoKeyringIsNotReplaced() async throws {
        try await withFile { keys, file in
            XCTAssertTrue(FileManager.default.createFile(
                atPath: file.path, contents: Data("precious".utf8), attributes: [.posixPermissions: 0o600]))
            XCTAssertEqual(error(keys.rotate), .broken(path: file.path, .noKeys))
            XCTAssertEqual(try String(contentsOf: file, encoding: .utf8), "precious")
            let folder = KeyFile(file.deletingLastPathComponent().path)
            XCTAssertEqual(error(folder.read), .unreadable(path: folder.path, reason: "it is no ordinary file"))
            let nowhere = KeyFile(file.path + "/none/keys.pem")
            XCTAssertNotNil(error(nowhere.read))
            XCTAssertNotNil(error(nowhere.rotate))
        }
    }

    /// As a volume of Kubernetes has them.
    func testALinkStaysALink() async throws {
        try await withFile { keys, file in
            _ = try keys.rotate()
            let link = file.deletingLastPathComponent().appending(path: "link.pem")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
            let rotated = try KeyFile(link.path).rotate()
            XCTAssertEqual(rotated.keys.count, 2)
            XCTAssertEqual(try keys.read().keys.map(\.id), rotated.keys.map(\.id))
            XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: link.path), file.path)
        }
    }
}
