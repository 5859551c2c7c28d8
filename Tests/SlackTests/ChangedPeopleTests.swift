import Foundation
import JSON
import Sandbox
import TestSupport
import XCTest

@testable import Deploys
@testable import Slack

/// People who are called something else than before, or have left.
final class ChangedPeopleTests: XCTestCase {
    private let (you, ann, bob) = (Workspace.memberID, Workspace.annID, Workspace.bobID)

    /// Whose members Slack lists, whether they are still there or not.
    private struct ListedGroup: UserGroups {
        func members(of groups: Set<String>) async -> [String: Set<String>] {
            [Workspace.catsGroupID: [Workspace.memberID, Workspace.annID]]
        }
        func knownMembers(of groups: Set<String>) async -> [String: Set<String>] { await members(of: groups) }
    }

    private func gate(_ party: Party) -> PolicyGate {
        let naming = Naming(
            defaultOrganisation: "iterate", domains: .init(prod: "", test: "", snap: ""),
            externalDomains: .init(prod: "", test: "", snap: ""))
        let policy = Policy(rules: [.prod: Policy.Rule(deploy: [.party(party)], needsApproval: true)])
        return PolicyGate(policy, groups: ListedGroup(), naming: naming)
    }

    /// A deploy of cats to prod that ann has asked for, and that waits for a second person.
    private func held(
        _ party: Party, _ body: (SlackTalk, OperationID) async throws -> Void
    ) async throws {
        try await SlackTalk.with(gate: gate(party)) { talk in
            let journal = talk.bench.journal
            try await talk.bench.register("cats")
            try await talk.caller.command("/iterapp deploy cats prod main", by: Workspace.annID)
            let claimed = try await journal.claim(at: SlackBench.now)
            let operation = try XCTUnwrap(claimed)
            XCTAssertEqual(operation.trigger.person, Person(id: Workspace.annID, name: "ann"))
            _ = try await journal.hold(operation, at: SlackBench.now) { operation in
                let phase = Phase.awaitingApproval(of: [party])
                return [.live(Report(operation: operation, appLabel: "cats", phase: phase).offeringNextSteps())]
            }
            try await body(talk, operation.id)
        }
    }

    private func change(
        _ id: String, in talk: SlackTalk, _ change: (inout ChatMember) -> Void
    ) async throws {
        let known = try await talk.workspace.member(id)
        var member = try XCTUnwrap(known)
        change(&member)
        try await talk.workspace.put(member)
    }

    func testWhoeverIsRenamedIsTheSamePerson() async throws {
        try await held(.anyone) { talk, id in
            try await change(ann, in: talk) { ($0.name, $0.realName) = ("zoe", "Zoe Zest") }
            try await talk.press(.step(.approve, id), by: ann)
            let read = await talk.whispers(to: ann)
            XCTAssertTrue(read.last?.hasPrefix("You asked for this deploy yourself") == true, "\(read)")
            let waiting = try await talk.bench.journal.operation(id)
            XCTAssertEqual(waiting?.isHeld, true)

            // Whoever takes over a name takes over nothing else.
            try await change(bob, in: talk) { $0.name = "ann" }
            try await talk.press(.step(.approve, id), by: bob)
            _ = await talk.whispers(to: bob)
            let approved = try await talk.bench.journal.operation(id)
            XCTAssertEqual(approved?.approval?.by, Person(id: bob, name: "ann"), "called as they are now")
            let cats = AppID(organisation: "iterate", name: "cats")
            let lines = try await talk.bench.journal.audit(of: cats, atMost: 2).entries
            XCTAssertEqual(
                lines.map(\.trigger), [.button(Person(id: bob, name: "ann")), .button(Person(id: ann, name: "zoe"))])
            let stored = try await talk.bench.journal.lastReport(of: id)
            let shown = MessageBlocks(.live(try XCTUnwrap(stored)))
            let text = JSON.array(shown.blocks).text
            XCTAssertTrue(text.contains("<@\(ann)>"), "Slack writes the name, as it is when somebody reads it: \(text)")
            XCTAssertFalse(text.contains("zoe"), text)
        }
    }

    /// A group may list them still.
    func testWhoeverHasLeftCanDoNothing() async throws {
        try await held(.group(Workspace.catsGroupID)) { talk, id in
            try await change(you, in: talk) { $0.isDeactivated = true }
            let place = try await talk.message([try XCTUnwrap(Buttons.button(.step(.approve, id), "Approve"))])
            for attempt in 0..<2 {
                do {
                    if attempt == 0 {
                        try await talk.press(.step(.approve, id), by: you, on: place)
                    } else {
                        try await talk.caller.command("/iterapp approve cats prod", by: you)
                    }
                    XCTFail("Slack sends nothing of theirs")
                } catch let refusal as SlackRefusal {
                    XCTAssertEqual(refusal, SlackRefusal("user_disabled"))
                }
            }
            let waiting = try await talk.bench.journal.operation(id)
            XCTAssertEqual(waiting?.isHeld, true)
            try await change(you, in: talk) { $0.isDeactivated = false }
            try await talk.press(.step(.approve, id), by: you, on: place)
            _ = await talk.whispers(to: you)
            let approved = try await talk.bench.journal.operation(id)
            XCTAssertEqual(approved?.approval?.by?.id, you, "it was nothing else that kept them from it")
        }
    }

    /// Who has left is not known without the scope `users:read`, which the app does not ask for: the policy's name is
    /// given as a mention, and Slack shows beside it that it is of somebody who was deactivated.
    func testARefusalNamesWhoeverThePolicyNames() async throws {
        try await SlackTalk.with(gate: gate(.person(Workspace.bobID))) { talk in
            try await talk.bench.register("cats")
            try await change(bob, in: talk) { $0.isDeactivated = true }
            let answer = try await talk.caller.command("/iterapp deploy cats prod main", by: ann)
            XCTAssertTrue(
                answer.text.contains("Only <@\(bob)> may deploy `cats` to *prod*."), answer.text)
            XCTAssertTrue(talk.slack.calls.of("users.info").isEmpty)
            let queued = try await talk.bench.queued()
            XCTAssertEqual(queued, 0)
        }
    }
}
