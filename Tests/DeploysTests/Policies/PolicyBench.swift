import Foundation
import Synchronization
import XCTest

@testable import Deploys

/// Two teams and nobody's app, with people who are in one of them, in both, or in none.
enum PolicyBench {
    static let kari = Person(id: "U0KARI", name: "kari")
    static let ada = Person(id: "U0ADA", name: "ada")
    static let ole = Person(id: "U0OLE", name: "ole")
    /// In no team.
    static let eve = Person(id: "U0EVE", name: "kari")

    static func app(_ name: String, of organisation: String = "iterate") -> AppID {
        AppID(organisation: organisation, name: name)
    }

    static let logChannel = Place.channel(id: "C0LOGS", name: "iterapp-logs")
    static let releases = Place.channel(id: "C0REL", name: "releases")

    /// Team cats is Kari and whoever is in S0CATS; prod is its own, after a second person's word, in #releases.
    /// Team dogs is Ole, who gives prod away to all, without more ado. `horses` is nobody's.
    static let policy = Policy(
        teams: [
            Policy.Team(name: "cats", members: [.person("U0KARI"), .group("S0CATS")], apps: [app("cats")]),
            Policy.Team(
                name: "dogs", members: [.person("U0OLE")], apps: [app("dogs"), app("Barking", of: "Acme")],
                rules: [
                    .prod: Policy.Rule(deploy: [.party(.anyone)], needsApproval: false, channels: ["C0LOGS", "home"]),
                    .snap: Policy.Rule(approve: [.party(.team("cats"))]),
                ]),
        ],
        rules: [
            .prod: Policy.Rule(deploy: [.owner, .party(.person("U0ADA"))], needsApproval: true, channels: ["#releases"]),
            .test: Policy.Rule(deploy: [.party(.anyone)]),
            .snap: Policy.Rule(deploy: [.party(.team("dogs"))]),
        ])

    static let naming = Naming(
        defaultOrganisation: "iterate", domains: .init(prod: "", test: "", snap: ""),
        externalDomains: .init(prod: "", test: "", snap: ""))

    static func gate(_ policy: Policy = policy, groups: KnownGroups = KnownGroups()) -> PolicyGate {
        PolicyGate(policy, groups: groups, naming: naming)
    }
}

/// Groups as a test says, and which of them were asked for.
final class KnownGroups: UserGroups {
    private let known: Mutex<[String: Set<String>]>
    private let askedFor = Mutex<[Set<String>]>([])

    init(_ known: [String: Set<String>] = ["S0CATS": ["U0ADA"]]) { self.known = Mutex(known) }

    var asked: [Set<String>] { askedFor.withLock { $0 } }
    func set(_ known: [String: Set<String>]) { self.known.withLock { $0 = known } }

    func members(of groups: Set<String>) async -> [String: Set<String>] {
        askedFor.withLock { $0.append(groups) }
        return await knownMembers(of: groups)
    }

    func knownMembers(of groups: Set<String>) async -> [String: Set<String>] {
        known.withLock { $0.filter { groups.contains($0.key) } }
    }
}
