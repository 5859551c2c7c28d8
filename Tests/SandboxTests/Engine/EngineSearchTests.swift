import Foundation
import HTTP
import TestSupport
import XCTest

@testable import Sandbox

final class EngineSearchTests: XCTestCase {
    private let http = HTTPClient()

    private func search(host: String? = nil, isRoot: Bool = true, in folder: URL) -> EngineSearch {
        var search = EngineSearch(dockerHost: host, isRoot: isRoot, path: folder.path)
        search.defaultSocket = folder.appending(path: "none.sock").path
        search.administrationFolders = []
        return search
    }

    func testAnEngineFarAwayIsOfNoUse() async throws {
        try await withTemporaryDirectory { folder in
            let finding = await search(host: "tcp://10.0.0.1:2375", in: folder).find(http: http)
            guard case .none(let advice) = finding else { return XCTFail("\(finding)") }
            XCTAssertTrue(advice.hasPrefix("DOCKER_HOST is tcp://10.0.0.1:2375, but"), advice)
            XCTAssertFalse(advice.contains("\n"))
        }
    }

    func testOneSentenceSaysWhatToDo() async throws {
        try await withTemporaryDirectory { folder in
            let missing = await search(in: folder).find(http: http)
            XCTAssertEqual(
                missing, .none(advice: "No Docker Engine is installed: run `apt-get install docker.io` as root."))
            let program = folder.appending(path: "dockerd").path
            XCTAssertTrue(FileManager.default.createFile(
                atPath: program, contents: Data(), attributes: [.posixPermissions: 0o755]))
            let startable = await search(in: folder).find(http: http)
            XCTAssertEqual(startable, .canStart(program: program))
            let forbidden = await search(isRoot: false, in: folder).find(http: http)
            XCTAssertEqual(
                forbidden,
                .none(advice: "The Docker Engine is not running: start it with `sudo service docker start`."))
        }
    }

    func testFindsTheOneThatAnswers() async throws {
        try TestImage.require()
        try await withTemporaryDirectory { folder in
            let finding = await search(host: "unix://" + TestImage.socket, in: folder).find(http: http)
            XCTAssertEqual(finding, .answers(socket: TestImage.socket))
        }
    }
}
