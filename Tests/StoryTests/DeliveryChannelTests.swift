import Deploys
import Foundation
import JSON
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
}
