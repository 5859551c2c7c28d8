import Deploys
import Foundation
import JSON
import SQLite
import TestSupport
import XCTest

@testable import Sandbox

/// What happens to one channel is the trouble of that channel alone.
final class DeliveryChannelTests: XCTestCase {
    /// Only a notice in doubt asks for what was posted before: what it may not read holds up no other channel.
    func testADoubtThatMayNotBeLookedIntoHoldsUpNoOtherChannel() async throws {
        try await DeliveryBench.with(speed: 20) { bench in
            _ = try await bench.slack.workspace.makeChannel("other", kind: .open, members: [Workspace.botID])
            _ = try await bench.operation("cats")
            try await bench.lose(.badGateway, "chat.postMessage")
            bench.slack.grant.scopes.remove("channels:history")
            try await bench.delivering {
                try await bench.wait("the refusal") {
                    try await !bench.journal.statistics().outbox.troubles.filter { $0.obstacle.kind == .refusal }.isEmpty
                }
                let scopes = try await bench.journal.statistics().outbox.troubles.map(\.obstacle.scope)
                XCTAssertEqual(scopes.filter { $0 == .everything }, [])
                _ = try await bench.operation("dogs", in: "#other")
                try await bench.wait("the other channel's message") {
                    try await bench.journal.statistics().outbox.posts == 1
                }
                bench.slack.grant.scopes.insert("channels:history")
            }
            try await bench.deliverAll()
            let messages = try await bench.messages()
            XCTAssertEqual(messages.count, 1, "it had arrived")
        }
    }

    /// People archive a channel and make it anew; the book knows the old one under its name, over starts, too.
    func testAChannelThatWasArchivedAndMadeAnewIsFound() async throws {
        for isEnded in [true, false] {
            try await DeliveryBench.with { bench in
                let operation = try await bench.operation("cats")
                try await bench.deliverAll()
                let workspace = bench.slack.workspace
                _ = try await workspace.setArchived(Workspace.channelID, true)
                _ = try await workspace.rename(Workspace.channelID, to: "old")
                let anew = try await workspace.makeChannel(
                    Workspace.channelName, kind: .open, members: [Workspace.botID])
                try await bench.detail(operation, "words")
                if isEnded { try await bench.end(operation) }
                _ = try await bench.operation("dogs")
                try await bench.deliverAll()
                let texts = try await bench.texts(in: anew.id)
                XCTAssertEqual(texts.count, isEnded ? 4 : 3, "\(texts)")
                XCTAssertTrue(texts.contains("↳ words"), "\(texts)")
                XCTAssertEqual(texts.filter { $0.contains("dogs") }.count, 1, "\(texts)")
                let id = try await bench.journal.channelID(of: DeliveryBench.room)
                XCTAssertEqual(id, anew.id)
            }
        }
    }

    /// An edit may be the first to meet the archived channel.
    func testALiveMessageFollowsToTheChannelThatWasMadeAnew() async throws {
        try await DeliveryBench.with { bench in
            let operation = try await bench.operation("cats")
            try await bench.deliverAll()
            _ = try await bench.slack.workspace.setArchived(Workspace.channelID, true)
            _ = try await bench.slack.workspace.rename(Workspace.channelID, to: "old")
            let anew = try await bench.slack.workspace.makeChannel(
                Workspace.channelName, kind: .open, members: [Workspace.botID])
            try await bench.show(operation, ready: 7)
            try await bench.deliverAll()
            let texts = try await bench.texts(in: anew.id)
            XCTAssertEqual(texts.count, 1, "\(texts)")
        }
    }

    /// The name that the settings have goes on meaning the channel that it meant.
    func testAChannelThatTakesTheNameOfAnotherDoesNotTakeItsMessages() async throws {
        try await DeliveryBench.with { bench in
            _ = try await bench.operation("cats")
            try await bench.deliverAll()
            let desk = ChannelDesk(outbox: bench.journal, signals: bench.signals)
            let workspace = bench.slack.workspace
            let other = try await workspace.makeChannel("other", kind: .open, members: [Workspace.botID])
            try await bench.journal.remember("#other", is: other.id)
            _ = try await workspace.rename(Workspace.channelID, to: "deploys")
            try await desk.renamed(id: Workspace.channelID, to: "deploys")
            _ = try await workspace.rename(other.id, to: Workspace.channelName)
            try await desk.renamed(id: other.id, to: Workspace.channelName)
            _ = try await bench.operation("dogs")
            try await bench.deliverAll()
            let texts = try await bench.texts()
            XCTAssertEqual(texts.count, 2, "\(texts)")
        }
    }

    /// One that another version wrote must not hold up those behind it, nor fill the operator's log.
    func testANoticeThatCannotBeReadIsPutAside() async throws {
        try await DeliveryBench.with { bench in
            let posted = try await bench.operation("cats")
            try await bench.deliverAll()
            try await bench.show(posted, ready: 1)
            try await bench.detail(posted, "damaged")
            let path = bench.directory.appending(path: "state/iterapp.db").path
            try Database(path: path).run("UPDATE notices SET draft = '{}'")
            _ = try await bench.operation("dogs")
            let edited = try await bench.operation("birds")
            try await bench.delivering {
                try await bench.wait("the others") {
                    let figures = try await bench.journal.statistics().outbox
                    return [figures.posts, figures.edits, figures.parked] == [0, 0, 2]
                }
                try await bench.show(edited, ready: 1)
                try await bench.wait("the edit") { try await bench.journal.statistics().undeliveredNotices == 2 }
            }
            XCTAssertEqual(bench.said.lines.count, 2, "a line for each: \(bench.said.lines)")
            XCTAssertTrue(bench.said.lines.allSatisfy { $0.contains("run the version of iterapp that wrote it") })
            let texts = try await bench.texts()
            XCTAssertEqual(texts.count, 3, "\(texts)")
        }
    }
}
