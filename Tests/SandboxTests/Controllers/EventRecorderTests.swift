import Foundation
import JSON
import XCTest

@testable import Sandbox

final class EventRecorderTests: XCTestCase {
    private let about: JSON = [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": "cats-1", "namespace": "n", "uid": "u", "resourceVersion": "7"],
    ]

    func testTheSameAgainRaisesTheCount() async throws {
        let store = ObjectStore()
        try await store.create(.namespace, ["metadata": ["name": "n"]], by: "test")
        let note = EventNote(
            about: about, .warning, "BackOff", "Back-off restarting", component: "kubelet",
            fieldPath: "spec.containers{cats}")
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        for seconds in [0.0, 10, 20] {
            // A new recorder each time: nothing is kept in memory.
            let time = start.addingTimeInterval(seconds)
            await EventRecorder(store: store, now: { time }, node: "demo").record(note)
        }
        let events = await store.list(.event).items
        XCTAssertEqual(events.count, 1)
        let event = events[0]
        XCTAssertEqual(event["count"], 3)
        XCTAssertEqual(event["firstTimestamp"], "2027-01-15T08:00:00Z")
        XCTAssertEqual(event["lastTimestamp"], "2027-01-15T08:00:20Z")
        XCTAssertEqual(event["source"], ["component": "kubelet", "host": "demo"])
        XCTAssertEqual(event.at("involvedObject"), [
            "apiVersion": "v1", "kind": "Pod", "name": "cats-1", "namespace": "n", "uid": "u",
            "resourceVersion": "7", "fieldPath": "spec.containers{cats}",
        ])
    }

    func testTheSchedulersEventsHaveAnEventTime() async throws {
        let store = ObjectStore()
        try await store.create(.namespace, ["metadata": ["name": "n"]], by: "test")
        let note = EventNote(about: about, .normal, "Scheduled", "assigned", component: "default-scheduler")
        await EventRecorder(store: store, now: { Date(timeIntervalSince1970: 1_800_000_000.25) }).record(note)
        let event = await store.list(.event).items[0]
        XCTAssertEqual(event["eventTime"], "2027-01-15T08:00:00.250Z")
        XCTAssertEqual(event["lastTimestamp"], .null)
        XCTAssertEqual(event["action"], "Binding")
        XCTAssertNil(event["count"])
    }

    func testNoNamespaceNoEvent() async {
        let store = ObjectStore()
        let note = EventNote(about: about, .normal, "Started", "Container started", component: "kubelet")
        await EventRecorder(store: store, now: { Date() }).record(note)
        let events = await store.list(.event).items
        XCTAssertEqual(events, [])
    }
}
