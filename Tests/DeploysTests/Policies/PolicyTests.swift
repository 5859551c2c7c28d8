import Foundation
import XCTest

@testable import Deploys

/// Who may do what, as tables.
final class PolicyTests: XCTestCase {
    private let members: [String: Set<String>] = ["S0CATS": ["U0ADA"]]

    private func verdict(
        _ deed: Deed, _ person: Person, _ place: Place = PolicyBench.releases, _ policy: Policy = PolicyBench.policy
    ) -> Policy.Verdict {
        policy.verdict(on: deed, by: person.id, from: place, members: members)
    }

    func testEveryDeedByEverybody() {
        let (kari, ada, ole, eve) = (PolicyBench.kari, PolicyBench.ada, PolicyBench.ole, PolicyBench.eve)
        let all = Set([kari, ada, ole, eve].map(\.id))
        let snap = EnvironmentName(parsing: "snap3")
        let table: [(Deed.Kind, String, EnvironmentName?, Set<String>)] = [
            (.register, "cats", nil, all), (.register, "horses", nil, all),
            (.deregister, "cats", nil, [kari.id, ada.id]), (.deregister, "dogs", nil, [ole.id]),
            (.deregister, "horses", nil, all),
            (.build, "cats", nil, all), (.build, "cats", .prod, all),
            (.deploy, "cats", .prod, [kari.id, ada.id]), (.deploy, "cats", .test, all),
            (.deploy, "cats", snap, [ole.id]),
            (.deploy, "horses", .prod, [ada.id]), (.deploy, "horses", .test, all),
            (.approve, "cats", .prod, [kari.id, ada.id]), (.approve, "cats", .test, all),
            (.approve, "dogs", .prod, all), (.approve, "dogs", snap, [kari.id, ada.id]),
            (.decline, "cats", .prod, [kari.id, ada.id]), (.decline, "dogs", snap, [kari.id, ada.id, ole.id]),
            (.cancel, "cats", .prod, [kari.id, ada.id]), (.cancel, "cats", .test, all),
            (.cancel, "dogs", snap, [ole.id]), (.cancel, "cats", nil, all),
        ]
        for (kind, app, environment, expected) in table {
            let deed = Deed(kind, PolicyBench.app(app), environment, askedBy: "U0SOMEBODY")
            let allowed = [kari, ada, ole, eve].filter {
                if case .allowed = verdict(deed, $0) { true } else { false }
            }
            XCTAssertEqual(Set(allowed.map(\.id)), expected, "\(kind) \(app) \(environment?.rawValue ?? "-")")
        }
    }

    func testASecondPersonIsNeededWhereTheRuleSaysSo() {
        let table: [(Deed.Kind, String, EnvironmentName?, Bool)] = [
            (.deploy, "cats", .prod, true), (.deploy, "cats", .test, false), (.build, "cats", .prod, false),
            (.cancel, "cats", .prod, false), (.approve, "cats", .prod, false), (.deregister, "cats", nil, false),
        ]
        for (kind, app, environment, needsApproval) in table {
            let deed = Deed(kind, PolicyBench.app(app), environment, askedBy: "U0ADA")
            XCTAssertEqual(verdict(deed, PolicyBench.kari), .allowed(needsApproval: needsApproval), "\(kind)")
        }
        let dogs = Deed(.deploy, PolicyBench.app("dogs"), .prod)
        XCTAssertEqual(verdict(dogs, PolicyBench.eve, PolicyBench.logChannel), .allowed(needsApproval: false))
    }

    func testNobodyIsTheirOwnSecondPerson() {
        let own = Deed(.approve, PolicyBench.app("cats"), .prod, askedBy: "U0KARI")
        let others = [Party.team("cats"), .person("U0ADA")]
        XCTAssertEqual(verdict(own, PolicyBench.kari), .ownRequest(others: others))
        XCTAssertEqual(verdict(own, PolicyBench.ada), .allowed(needsApproval: false))
        let pushed = Deed(.approve, PolicyBench.app("cats"), .prod)
        XCTAssertEqual(verdict(pushed, PolicyBench.kari), .allowed(needsApproval: false))
    }

    func testWhoAskedMayTakeItBack() {
        for kind in [Deed.Kind.cancel, .decline] {
            let deed = Deed(kind, PolicyBench.app("cats"), .prod, askedBy: "U0EVE")
            XCTAssertEqual(verdict(deed, PolicyBench.eve), .allowed(needsApproval: false))
            XCTAssertNotEqual(verdict(deed, PolicyBench.ole), .allowed(needsApproval: false))
        }
        let deploy = Deed(.deploy, PolicyBench.app("cats"), .prod, askedBy: "U0EVE")
        XCTAssertEqual(verdict(deploy, PolicyBench.eve), .onlyFor([.team("cats"), .person("U0ADA")]))
    }

    func testPlacesCountForDeploysOnly() {
        let elsewhere: [Place] = [
            PolicyBench.logChannel, .channel(id: "C0REL2", name: nil), .direct(id: "D1"), .home,
        ]
        let deploy = Deed(.deploy, PolicyBench.app("cats"), .prod)
        for place in elsewhere {
            XCTAssertEqual(verdict(deploy, PolicyBench.kari, place), .elsewhere(["#releases"]))
            XCTAssertEqual(
                verdict(deploy, PolicyBench.eve, place), .onlyFor([.team("cats"), .person("U0ADA")]),
                "who comes before where: sending somebody to a place that does not help is no help")
            let approve = Deed(.approve, PolicyBench.app("cats"), .prod, askedBy: "U0ADA")
            XCTAssertEqual(verdict(approve, PolicyBench.kari, place), .allowed(needsApproval: false))
            XCTAssertEqual(
                verdict(Deed(.deploy, PolicyBench.app("cats"), .test), PolicyBench.eve, place),
                .allowed(needsApproval: false))
        }
        XCTAssertEqual(verdict(deploy, PolicyBench.kari, PolicyBench.releases), .allowed(needsApproval: true))
        let dogs = Deed(.deploy, PolicyBench.app("dogs"), .prod)
        for (place, isAllowed) in [(PolicyBench.logChannel, true), (.home, true), (PolicyBench.releases, false)] {
            XCTAssertEqual(verdict(dogs, PolicyBench.eve, place) == .allowed(needsApproval: false), isAllowed)
        }
    }

    func testIdsDecideAndNotNames() {
        let impostor = Person(id: "U0EVE", name: "kari")
        let renamed = Person(id: "U0KARI", name: "eve")
        let deed = Deed(.deploy, PolicyBench.app("cats"), .prod)
        XCTAssertNotEqual(verdict(deed, impostor), .allowed(needsApproval: true))
        XCTAssertEqual(verdict(deed, renamed), .allowed(needsApproval: true))
    }

    func testAppsAreTheSameWhateverTheirCase() {
        let deed = Deed(.deregister, PolicyBench.app("barking", of: "ACME"))
        XCTAssertEqual(verdict(deed, PolicyBench.ole), .allowed(needsApproval: false))
        XCTAssertEqual(verdict(deed, PolicyBench.kari), .onlyFor([.team("dogs")]))
    }

    func testAnEmptyPolicyLetsEverybodyDoEverything() {
        for kind in Deed.Kind.allCases {
            for environment in [EnvironmentName.prod, .test, nil] {
                let deed = Deed(kind, PolicyBench.app("cats"), environment)
                XCTAssertEqual(
                    verdict(deed, PolicyBench.eve, PolicyBench.logChannel, Policy()), .allowed(needsApproval: false))
            }
        }
    }

    func testWhatIsTheTeamsIsNobodysWithoutOne() {
        let policy = Policy(rules: [.prod: Policy.Rule(deploy: [.owner])])
        for kind in [Deed.Kind.deploy, .approve, .decline, .cancel] {
            let deed = Deed(kind, PolicyBench.app("cats"), .prod)
            XCTAssertEqual(verdict(deed, PolicyBench.kari, PolicyBench.logChannel, policy), .ownedByNobody, "\(kind)")
        }
    }

    func testAGroupThatNobodyKnowsIsAskedForOnlyWhenItDecides() {
        let deed = Deed(.deploy, PolicyBench.app("cats"), .prod)
        let policy = PolicyBench.policy
        XCTAssertEqual(policy.groups(toDecide: deed, by: "U0KARI"), [])
        XCTAssertEqual(policy.groups(toDecide: deed, by: "U0EVE"), ["S0CATS"])
        XCTAssertEqual(policy.groups, ["S0CATS"])
        XCTAssertEqual(
            policy.verdict(on: deed, by: "U0EVE", from: PolicyBench.releases, members: [:]),
            .unknownGroups(["S0CATS"], among: [.team("cats"), .person("U0ADA")]))
    }
}
