import Deploys
import Foundation
import XCTest

@testable import Slack

/// What is said of scheduled tasks that nobody can look at.
final class EnvironmentLinesTests: XCTestCase {
    private func lines(_ tasks: [ScheduledTask], _ seen: Sighting, isLive: Bool = true) -> [String] {
        let status = EnvironmentStatus(
            environment: .test, release: isLive ? Samples(app: "cats").release() : nil, previousRelease: nil, pods: nil,
            certificate: .unknown, sites: [], tasks: tasks, tasksSeen: seen, underWay: nil, failed: nil)
        return EnvironmentLines.lines(status).filter { $0.hasPrefix("⏰") }
    }

    func testTasksAreToldAsTheyWereSeenLast() throws {
        let moment = Date(timeIntervalSince1970: 1_795_000_000)
        let task = ScheduledTask(
            .init(namespace: "apps-cats-test", name: "cats-mail"), label: "mail", lastRun: .init(at: moment))
        let ran = "⏰ `mail` <!date^1795000000^ran {ago}|ran 2026-11-18 11:06 UTC>"
        XCTAssertEqual(lines([task], .now), [ran])
        XCTAssertEqual(
            lines([task], .last(moment)),
            [
                ran,
                "⏰ newer runs are not known: <!date^1795000000^looked at last {ago}|looked at last 2026-11-18 11:06 UTC>",
            ])
        XCTAssertEqual(lines([], .last(moment)), [], "nobody who has no tasks is told about them")
        XCTAssertEqual(lines([], .never), ["⏰ whether scheduled tasks run is not known at the moment"])
        XCTAssertEqual(lines([], .never, isLive: false), [], "nothing runs there")
    }
}
