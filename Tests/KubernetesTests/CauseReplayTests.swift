import Foundation
import JSON
import XCTest

@testable import Kubernetes

/// When a cause becomes certain, along the recorded watch of pods that fail in different ways.
final class CauseReplayTests: XCTestCase {
    /// The causes that one pod shows, without repetitions, as its recorded changes come in.
    private func causes(ofPodNamed prefix: String) throws -> [RollOutCause?] {
        var decoder = WatchDecoder()
        var causes: [RollOutCause?] = []
        for event in try decoder.push(Recordings.bytes("watch-pods.jsonl")) {
            let pod: JSON
            switch event {
            case .added(let object), .modified(let object): pod = object
            case .deleted, .bookmark: continue
            }
            guard Pods.name(pod).hasPrefix(prefix) else { continue }
            let cause = Diagnosis(of: [:], pods: [pod]).first?.cause
            if causes.isEmpty || causes.last != .some(cause) { causes.append(cause) }
        }
        return causes
    }

    func testCrashingProgramGetsTwoRestarts() throws {
        let causes = try causes(ofPodNamed: "crash-")
        let certain = try XCTUnwrap(causes.firstIndex { $0?.patience == .zero })
        XCTAssertEqual(causes[certain], .exited(code: 2, restarts: 2))
        XCTAssertTrue(causes[..<certain].contains(.exited(code: 2, restarts: 0)))
        XCTAssertTrue(causes[..<certain].contains(.exited(code: 2, restarts: 1)))
    }

    func testMissingSecretIsKnownAtOnce() throws {
        let causes = try causes(ofPodNamed: "nosecret-")
        XCTAssertEqual(causes, [nil, .secretMissing(name: "iterapp-api-token", keys: ["t"])])
    }

    func testImageGetsTimeForASecondTryWhenTheRegistryDoesNotAnswer() throws {
        let causes = try causes(ofPodNamed: "nopull-")
        XCTAssertEqual(causes.first, .some(nil))
        XCTAssertEqual(Set(causes.dropFirst().map { $0?.patience }), [.seconds(35)])
        XCTAssertEqual(Set(causes.dropFirst().map { $0?.identity }).count, 1, "time is counted over all of them")
    }

    func testMemoryIsNamedFromTheFirstTime() throws {
        let causes = try causes(ofPodNamed: "oom-").compactMap { $0 }.filter {
            if case .notReady = $0 { false } else { true }
        }
        XCTAssertEqual(causes.first, .outOfMemory(limit: "16Mi", code: 137, restarts: 0))
        XCTAssertEqual(causes.last, .outOfMemory(limit: "16Mi", code: 137, restarts: 3))
    }

    func testPodsOfASuccessfulRollOutShowNothingThatEndsIt() throws {
        let causes = try causes(ofPodNamed: "cats-5579d54478").compactMap { $0 }
        XCTAssertTrue(causes.allSatisfy { $0.patience == nil }, "\(causes)")
    }
}
