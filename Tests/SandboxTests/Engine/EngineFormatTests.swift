import Foundation
import JSON
import XCTest

@testable import Sandbox

/// Reading and writing the Engine's formats; no engine needed.
final class EngineFormatTests: XCTestCase {
    func testTakesTheFramesOffALogHoweverItIsCut() {
        let framed: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 4] + Array("one\n".utf8)
            + [2, 0, 0, 0, 0, 0, 1, 0] + [UInt8](repeating: 0x78, count: 256) + [1, 0, 0, 0, 0, 0, 0, 0]
        let plain = Array("one\n".utf8) + [UInt8](repeating: 0x78, count: 256)
        for size in [1, 3, 7, 8, 9, 300] {
            var frames = LogFrames()
            var output: [UInt8] = []
            for start in stride(from: 0, to: framed.count, by: size) {
                output += frames.add(Array(framed[start..<min(start + size, framed.count)]))
            }
            XCTAssertEqual(output, plain, "pieces of \(size)")
        }
    }

    func testLinesComeWholeAndHugeOnesAreDropped() {
        var lines = LineSplitter()
        XCTAssertEqual(lines.add(Array("a\n\nb".utf8)), [Array("a".utf8)])
        XCTAssertEqual(lines.add(Array("c\n".utf8)), [Array("bc".utf8)])
        let huge = [UInt8](repeating: 0x78, count: LineSplitter.maxLineBytes + 1)
        XCTAssertEqual(lines.add(huge), [])
        XCTAssertEqual(lines.add(Array("\nd\n".utf8)), [Array("d".utf8)])
        _ = lines.add(Array("end".utf8))
        XCTAssertEqual(lines.finish(), Array("end".utf8))
    }

    func testReadsTimes() {
        XCTAssertNil(EngineTime.date("0001-01-01T00:00:00Z"))
        XCTAssertNil(EngineTime.date("soon"))
        XCTAssertEqual(EngineTime.date("2026-11-20T23:25:39Z")?.timeIntervalSince1970, 1_795_217_139)
        let precise = EngineTime.date("2026-11-20T23:25:39.500000001Z")?.timeIntervalSince1970 ?? 0
        XCTAssertEqual(precise, 1_795_217_139.5, accuracy: 0.001)
    }

    func testReadsAContainersState() throws {
        func state(_ json: JSON) throws -> ContainerInspection.State {
            try ContainerInspection(json: ["Id": "i", "State": json]).state
        }
        XCTAssertEqual(try state(["Status": "created", "ExitCode": 0]), .created)
        let started = Date(timeIntervalSince1970: 1_795_217_139)
        XCTAssertEqual(
            try state(["Status": "running", "Running": true, "StartedAt": "2026-11-20T23:25:39Z"]),
            .running(startedAt: started))
        XCTAssertEqual(
            try state([
                "Status": "exited", "ExitCode": 137, "OOMKilled": true, "StartedAt": "2026-11-20T23:25:39Z",
                "FinishedAt": "2026-11-20T23:25:40Z",
            ]),
            .exited(.init(
                code: 137, outOfMemory: true, startedAt: started, finishedAt: started.addingTimeInterval(1))))
        XCTAssertThrowsError(try ContainerInspection(json: [:]))
        let networks: JSON = ["a": ["IPAddress": ""], "b": ["IPAddress": "172.17.0.2"]]
        let there = try ContainerInspection(json: [
            "Id": "i", "Name": "/n", "State": ["Status": "running", "Running": true],
            "NetworkSettings": ["Networks": networks],
        ])
        XCTAssertEqual(there.address, "172.17.0.2")
        XCTAssertEqual(there.name, "n")
    }

    func testAsksForWhatThePodAskedFor() {
        let plan = ContainerPlan([
            "name": "cats", "image": "cats:1", "command": ["/app", "$(MODE)"], "args": ["--port=$(PORT)"],
            "workingDir": "/srv", "resources": ["limits": ["memory": "64Mi"]],
            "securityContext": [
                "readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false,
                "capabilities": ["drop": ["ALL"]], "runAsUser": 1000,
            ],
        ])
        var spec = plan.spec(
            pod: ["metadata": ["name": "cats-1"], "spec": ["securityContext": ["fsGroup": 7]]],
            containerName: "c", image: "sha256:i", environment: [("MODE", "fast"), ("PORT", "8080")])
        spec.mounts = [.init(source: "/a", target: "/tmp", isReadOnly: true)]
        let body = spec.body
        XCTAssertEqual(body["Entrypoint"], ["/app", "fast"])
        XCTAssertEqual(body["Cmd"], ["--port=8080"])
        XCTAssertEqual(body["Env"], ["MODE=fast", "PORT=8080"])
        XCTAssertEqual(body["Hostname"], "cats-1")
        XCTAssertEqual(body["User"], "1000")
        XCTAssertEqual(body["WorkingDir"], "/srv")
        let host = body["HostConfig"]
        XCTAssertEqual(host?["Memory"], 67_108_864)
        XCTAssertEqual(host?["MemorySwap"], 67_108_864)
        XCTAssertEqual(host?["ReadonlyRootfs"], true)
        XCTAssertEqual(host?["SecurityOpt"], ["no-new-privileges"])
        XCTAssertEqual(host?["CapDrop"], ["ALL"])
        XCTAssertEqual(host?["NetworkMode"], "bridge")
        XCTAssertEqual(host?["GroupAdd"], ["7"])
        XCTAssertEqual(
            host?["Mounts"], [["Type": "bind", "Source": "/a", "Target": "/tmp", "ReadOnly": true]])
    }
}
