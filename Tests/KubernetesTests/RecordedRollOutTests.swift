import Foundation
import JSON
import XCTest

@testable import Kubernetes

/// Roll-outs that failed on a real cluster (1.36), second by second as they were recorded: when they are given up, and
/// in which words. Kubernetes itself gave up after 22 seconds.
final class RecordedRollOutTests: XCTestCase {
    /// What the pods' watch told, each with the second after the beginning.
    private func recordedPods() throws -> [(second: Int, pod: JSON)] {
        let times = try XCTUnwrap(Recordings.json("watch-pods.times.json").array)
        let start = try XCTUnwrap(Timestamp.date("2026-11-20T23:25:51Z"))
        var decoder = WatchDecoder()
        let events = try decoder.push(Recordings.bytes("watch-pods.jsonl"))
        XCTAssertEqual(events.count, times.count)
        return zip(events, times).compactMap { event, time in
            guard let date = Timestamp.date(time) else { return nil }
            switch event {
            case .added(let pod), .modified(let pod): return (Int(date.timeIntervalSince(start)), pod)
            case .deleted, .bookmark: return nil
            }
        }
    }

    private func deployment(_ name: String, gaveUp: Bool) throws -> JSON {
        let recorded = try Recordings.items("deployments.list.json")
        var deployment = try XCTUnwrap(recorded.first { $0.at("metadata", "name")?.string == name })
        if !gaveUp { deployment["status"]?["conditions"] = [] }
        return deployment
    }

    /// When the roll-out is over, and what people read.
    private func replay(_ name: String) throws -> (second: Int, sentence: String?) {
        let target = RollOutTarget(try deployment(name, gaveUp: false), namespace: "apps-cats-test")
        let recorded = try recordedPods().filter { Pods.name($0.pod).hasPrefix("\(name)-") }
        let events = EventIndex(try Recordings.items("events.list.json"))
        let start = ContinuousClock.now
        var judge = RollOutJudge([target], limits: RollOutLimits(), now: start)
        for second in 0...60 {
            let object = try deployment(name, gaveUp: second >= 22)
            let pods = recorded.last { $0.second <= second }.map { [$0.pod] } ?? []
            let snapshot = ClusterWatches.Snapshot(
                deployments: [name: object], jobs: [:], pods: pods, health: .init(isComplete: true, trouble: nil))
            let conclusion = judge.look(at: snapshot, events: events, now: start + .seconds(second))
            guard !conclusion.reasons.isEmpty else { continue }
            return (second, target.words.sentence(Diagnosis(of: object, pods: pods, events: events)))
        }
        return (60, nil)
    }

    func testEachCauseInItsTimeAndWords() throws {
        let expected: [(String, Int, String)] = [
            (
                "nosecret", 3,
                "nosecret needs the Secret “iterapp-api-token”, which does not exist in the namespace "
                    + "apps-cats-test."
            ),
            ("crash", 13, "crash stops with exit code 2 when it starts (3 starts so far)."),
            (
                "oom", 16,
                "oom runs out of memory: it is stopped when it reaches its limit of 16Mi (3 starts so far)."
            ),
            (
                "nopull", 22,
                "The cluster cannot fetch the image of nopull (localhost:5000/nope:1): dial tcp 127.0.0.1:5000: "
                    + "connect: connection refused."
            ),
            (
                "toobig", 22,
                "No machine of the cluster has room for toobig, which asks for 1k CPU: 0/1 nodes are available: "
                    + "1 Insufficient cpu."
            ),
            (
                "unready", 22,
                "unready runs, but its health check still fails 38 seconds after its start: GET /nope on port 8080 "
                    + "answers with status 404."
            ),
        ]
        for (name, second, sentence) in expected {
            let end = try replay(name)
            XCTAssertEqual(end.second, second, name)
            XCTAssertEqual(end.sentence, sentence)
        }
    }
}
