import Deploys
import Foundation
import XCTest

@testable import Store

/// Notices wait in the file as JSON, also across an upgrade. When a change of `NoticeDraft` makes the lines
/// of the fixture unreadable, a step of `Schema` has to carry such rows over; new cases are added at its end.
final class DraftFormatTests: XCTestCase {
    func testDraftsOfTheFirstFormatCanBeRead() throws {
        let fixture = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/drafts.jsonl")
        let lines = try String(contentsOf: fixture, encoding: .utf8).split(separator: "\n")
        let drafts = Self.drafts()
        XCTAssertEqual(lines.count, drafts.count)
        for (line, draft) in zip(lines, drafts) {
            XCTAssertEqual(try JSONDecoder().decode(NoticeDraft.self, from: Data(line.utf8)), draft)
            let written = Data(try NoticeTable.encode(draft).utf8)
            if case .live(let report) = draft {
                XCTAssertEqual(NoticeTable.live(try JSONText.of(report)), try NoticeTable.encode(draft))
            }
            XCTAssertEqual(try JSONDecoder().decode(NoticeDraft.self, from: written), draft)
        }
    }

    private static func drafts() -> [NoticeDraft] {
        let full = Deploys.Operation(
            id: OperationID(7), kind: .deploy, app: cats, environment: .prod, revision: Revision("main"),
            trigger: .command(kari), channel: room, state: .running, commit: testCommit("a"), buildNumber: 3,
            releaseNumber: 2, createdAt: noon, startedAt: later(1), finishedAt: later(2))
        let bare = Deploys.Operation(
            id: OperationID(8), kind: .push, app: dogs, environment: nil, revision: nil,
            trigger: .push(by: "ola"), channel: room, state: .queued,
            createdAt: Date(timeIntervalSinceReferenceDate: 800_000_000))
        let phases: [Phase] = [
            .queued(ahead: 2), .preparing, .building([ApplingBuild(name: "web", state: .building)]),
            .applying, .rollingOut(ready: 1, wanted: 2),
            .waitingForSites([Site(url: "https://cats.app/", waitingFor: "its first answer")]),
            .registered(defaultBranch: "main"), .deregistered, .built,
            .live([Site(url: "https://cats.app/")]),
            .failed(Failure(.rollOut, "It crashed.", advice: "Look at its log.", evidence: ["panic"])),
            .superseded(by: testCommit("b")), .superseded(by: nil),
        ]
        let watched = Deploys.Operation(
            id: OperationID(9), kind: .repair, app: cats, environment: .test, revision: nil, trigger: .watch,
            channel: room, state: .running, createdAt: Date(timeIntervalSinceReferenceDate: 800_000_000))
        let files: [NoticeDraft] = [
            .file(title: "Log of build #3", name: "cats-build-3.log", log: LogReference(app: cats, build: 3, appling: nil)),
            .file(title: "Web", name: "cats-build-3-web.log", log: LogReference(app: cats, build: 3, appling: "web")),
        ]
        let newer: [Phase] = [
            .rollingOut(ready: 0, wanted: 2, holdUp: "No machine has room."),
            .puttingBack(release: 4, ready: 1, wanted: 2), .repaired(["The Service cats was deleted."]),
        ]
        return phases.map { .live(Report(operation: bare, appLabel: "cats", phase: $0)) } + [
            .announcement(Report(operation: full, appLabel: "iterate/cats", phase: .built)),
            .detail(title: "The last lines of the log", lines: ["<a & b>", "\"q\" \\ / æ\u{1F408}"]),
            .announcement(Report(operation: bare, appLabel: "cats", phase: .certificateTrouble(
                CertificateTrouble(.expiring, hosts: ["cats.cool"], sentence: "It expires.")))),
            .announcement(Report(operation: bare, appLabel: "cats", phase: .certificateRecovered(hosts: ["cats.cool"]))),
        ] + newer.map { .live(Report(operation: watched, appLabel: "cats", phase: $0)) } + files + [
            .announcement(Report(operation: bare, appLabel: "cats", phase: .taskFailed(
                "clean", TaskFailure("It failed.", lines: ["no header"]), at: noon))),
            .announcement(Report(operation: bare, appLabel: "cats", phase: .taskRecovered("clean", at: noon))),
        ]
    }
}
