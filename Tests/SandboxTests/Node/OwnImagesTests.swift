import Foundation
import HTTP
import JSON
import Subprocess
import TestSupport
import XCTest

@testable import Sandbox

/// Images that the demo makes without any Dockerfile.
final class OwnImagesTests: XCTestCase {
    func testAnArchiveIsReadByTar() async throws {
        var archive = TarArchive()
        let long = String(repeating: "folder/", count: 20) + "file"
        archive.add("bin/busybox", [1, 2, 3], mode: 0o755)
        archive.add(long, Array(repeating: 7, count: 513), mode: 0o644)
        archive.add("empty", [], mode: 0o600)
        var run = ProgramRun("tar", ["--list", "--verbose", "--numeric-owner", "--file", "-"], timeLimit: .seconds(10))
        run.input = archive.finished()
        let result = try await run.run()
        XCTAssertEqual(result.exitCode, 0, String(decoding: result.errorOutput, as: UTF8.self))
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            return [words[0], words[1], words[2], words[words.count - 1]].joined(separator: " ")
        }
        XCTAssertEqual(lines, ["-rwxr-xr-x 0/0 3 bin/busybox", "-rw-r--r-- 0/0 513 \(long)", "-rw------- 0/0 0 empty"])
    }

    /// A small program stands for ours.
    func testAnImageRunsAndItsPredecessorGoes() async throws {
        try TestImage.require()
        try await withTemporaryDirectory { directory in
            let engine = DockerEngineClient(socketPath: TestImage.socket, http: HTTPClient())
            let program = directory.appending(path: "id")
            var references: [String] = []
            for age in [0.0, 60] {
                try? FileManager.default.removeItem(at: program)
                try FileManager.default.copyItem(at: URL(filePath: "/usr/bin/id"), to: program)
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: 1_000_000 + age)], ofItemAtPath: program.path)
                let image = ProgramImage(program: program.path, tagPrefix: "test-")
                let images = OwnImages(engine: engine, programs: [image], toolsTag: TestImage.toolsTag)
                XCTAssertTrue(images.isOwn(image.reference))
                try await images.makeProgram(image.reference)
                references.append(image.reference)
            }
            XCTAssertNotEqual(references[0], references[1])
            do {
                _ = try await engine.image(references[0])
                XCTFail("the older image is still there")
            } catch EngineError.notFound {}
            var spec = ContainerSpec(name: "iterapp-test-own-\(getpid())", image: references[1])
            spec.arguments = ["-u"]
            spec.labels = ["no.iterapp.test": "1"]
            let id = try await engine.create(spec)
            try await engine.start(id)
            var options = DockerEngineClient.LogOptions()
            options.follow = true
            var text: [UInt8] = []
            for try await chunk in try await engine.logs(id, options) { text += chunk }
            XCTAssertEqual(String(decoding: text, as: UTF8.self), "10001\n")
            try await engine.remove(id)
            try await engine.removeImage(references[1])
        }
    }

    func testSaysWhatIsWrong() async throws {
        try TestImage.require()
        let engine = DockerEngineClient(socketPath: TestImage.socket, http: HTTPClient())
        let none = ProgramImage(program: "/nowhere/iterapp", tagPrefix: "test-")
        let images = OwnImages(engine: engine, programs: [none], toolsTag: TestImage.toolsTag)
        do {
            try await images.makeProgram(none.reference)
            XCTFail("an image of nothing")
        } catch {
            XCTAssertFalse(error.description.isEmpty)
        }
    }
}
