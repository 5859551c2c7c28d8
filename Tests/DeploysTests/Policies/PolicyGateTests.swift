import Foundation
import XCTest

@testable import Deploys

/// What people read when a policy does not let them, and how the gate asks for groups.
final class PolicyGateTests: XCTestCase {
    private func refusal(
        _ deed: Deed, by person: Person = PolicyBench.eve, from place: Place = PolicyBench.releases,
        _ gate: PolicyGate = PolicyBench.gate()
    ) async -> String {
        switch await gate.ruling(on: deed, by: person, from: place) {
        case .allowed: "allowed"
        case .refused(let sentence): sentence
        }
    }

    func testARefusalSaysWhoCouldDoIt() async {
        let cats = PolicyBench.app("cats")
        let team = "team *cats* (<@U0KARI> and <!subteam^S0CATS>)"
        let table: [(Deed, String)] = [
            (
                Deed(.deploy, cats, .prod),
                "Only \(team) and <@U0ADA> may deploy `cats` to *prod*. Please ask one of them."
            ),
            (
                Deed(.cancel, cats, .prod, askedBy: "U0OLE"),
                "Only \(team), <@U0ADA> and <@U0OLE> (who asked for it) may cancel a deploy of `cats` to *prod*. "
                    + "Please ask one of them."
            ),
            (
                Deed(.approve, cats, .prod, askedBy: "U0ADA"),
                "Only \(team) and <@U0ADA> may approve a deploy of `cats` to *prod*. Please ask one of them."
            ),
            (
                Deed(.deregister, PolicyBench.app("Barking", of: "Acme")),
                "Only team *dogs* (<@U0OLE>) may deregister `Acme/Barking`. Please ask them."
            ),
        ]
        for (deed, expected) in table {
            let sentence = await refusal(deed)
            XCTAssertEqual(sentence, expected)
        }
    }

    func testOtherRefusals() async {
        let cats = PolicyBench.app("cats")
        let place = await refusal(Deed(.deploy, cats, .prod), by: PolicyBench.kari, from: .home)
        XCTAssertEqual(place, "`cats` is deployed to *prod* from #releases only. Please repeat it there.")
        let places = Policy(rules: [.prod: Policy.Rule(channels: ["#a", "C0123", "direct", "home"])])
        let many = await refusal(
            Deed(.deploy, cats, .prod), from: PolicyBench.logChannel, PolicyBench.gate(places))
        XCTAssertEqual(
            many,
            "`cats` is deployed to *prod* from #a, <#C0123>, a direct message to me or my Home tab only. "
                + "Please repeat it there.")
        let own = await refusal(Deed(.approve, cats, .prod, askedBy: "U0KARI"), by: PolicyBench.kari)
        XCTAssertEqual(
            own,
            "You asked for this deploy yourself, so somebody else has to approve it: "
                + "team *cats* (<!subteam^S0CATS>) and <@U0ADA>.")
        let anybody = await refusal(Deed(.approve, cats, .test, askedBy: "U0EVE"))
        XCTAssertEqual(anybody, "You asked for this deploy yourself, so somebody else has to approve it.")
        let nobodys = Policy(rules: [.prod: Policy.Rule(deploy: [.owner])])
        let homeless = await refusal(Deed(.deploy, cats, .prod), PolicyBench.gate(nobodys))
        XCTAssertEqual(
            homeless,
            "Only its team may deploy `cats` to *prod*, and `cats` belongs to no team yet. Whoever runs Iterapp can "
                + "add it to one in the policy file.")
    }

    func testAGroupThatCannotBeReadIsSaid() async {
        let gate = PolicyBench.gate(groups: KnownGroups([:]))
        let deed = Deed(.deploy, PolicyBench.app("cats"), .prod)
        let sentence = await refusal(deed, gate)
        XCTAssertEqual(
            sentence,
            "I can't find out just now who is in <!subteam^S0CATS>, so I don't know whether you may deploy `cats` to "
                + "*prod*. Try again in a minute; team *cats* (<@U0KARI> and <!subteam^S0CATS>) and <@U0ADA> may.")
        let known = await refusal(deed, by: PolicyBench.kari, gate)
        XCTAssertEqual(known, "allowed", "who is named needs no group")
    }

    func testAHundredMembersFitIntoASentence() async {
        let crowd = (1...100).map { Party.person("U\($0)") }
        let policy = Policy(
            teams: [Policy.Team(name: "big", members: crowd, apps: [PolicyBench.app("cats")])],
            rules: [
                .prod: Policy.Rule(deploy: [.owner]), .test: Policy.Rule(deploy: crowd.map { .party($0) }),
            ])
        let gate = PolicyBench.gate(policy)
        let team = await refusal(Deed(.deploy, PolicyBench.app("cats"), .prod), gate)
        XCTAssertEqual(
            team,
            "Only team *big* (<@U1>, <@U2>, <@U3>, <@U4>, <@U5>, <@U6>, <@U7>, <@U8> and 92 more) may deploy `cats` to "
                + "*prod*. Please ask one of them.")
        let people = await refusal(Deed(.deploy, PolicyBench.app("cats"), .test), gate)
        XCTAssertTrue(people.hasPrefix("Only <@U1>, <@U2>,"), people)
        XCTAssertTrue(people.contains("<@U8> and 92 more may deploy"), people)
    }

    func testGroupsAreAskedForOnlyWhenTheyDecide() async {
        let groups = KnownGroups()
        let gate = PolicyBench.gate(groups: groups)
        let deed = Deed(.deploy, PolicyBench.app("cats"), .prod)
        _ = await gate.ruling(on: deed, by: PolicyBench.kari, from: PolicyBench.releases)
        _ = await gate.ruling(on: Deed(.build, deed.app), by: PolicyBench.eve, from: PolicyBench.releases)
        XCTAssertEqual(groups.asked, [])
        _ = await gate.ruling(on: deed, by: PolicyBench.eve, from: PolicyBench.releases)
        XCTAssertEqual(groups.asked, [["S0CATS"]])
    }

    func testAReplacedPolicyDecidesWhatComesNext() async {
        let gate = PolicyBench.gate()
        let deed = Deed(.deploy, PolicyBench.app("cats"), .prod)
        let before = await gate.ruling(on: deed, by: PolicyBench.eve, from: PolicyBench.logChannel)
        XCTAssertNotEqual(before, .allowed(needsApproval: false))
        XCTAssertTrue(gate.holdsPushes(to: .prod, of: deed.app))
        gate.policy = Policy()
        let after = await gate.ruling(on: deed, by: PolicyBench.eve, from: PolicyBench.logChannel)
        XCTAssertEqual(after, .allowed(needsApproval: false))
        XCTAssertFalse(gate.holdsPushes(to: .prod, of: deed.app))
    }

    func testWhatMessagesAndListsAskFor() async {
        let gate = PolicyBench.gate()
        let (cats, dogs) = (PolicyBench.app("cats"), PolicyBench.app("dogs"))
        XCTAssertEqual(
            gate.approvers(of: cats, in: .prod), [.person("U0KARI"), .group("S0CATS"), .person("U0ADA")])
        XCTAssertEqual(gate.approvers(of: cats, in: .test), [.anyone])
        XCTAssertTrue(gate.holdsPushes(to: .prod, of: cats))
        XCTAssertFalse(gate.holdsPushes(to: .prod, of: dogs))
        XCTAssertEqual(gate.team(of: cats), "cats")
        XCTAssertNil(gate.team(of: PolicyBench.app("horses")))
        for (person, expected) in [
            (PolicyBench.kari, [cats]), (PolicyBench.ada, [cats]),
            (PolicyBench.ole, [dogs, PolicyBench.app("barking", of: "acme")]), (PolicyBench.eve, []),
        ] {
            let apps = await gate.apps(of: person)
            XCTAssertEqual(apps, expected, person.id)
        }
    }
}
