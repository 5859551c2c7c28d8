import Deploys
import Foundation

/// Lets a second person approve what goes to prod, and keeps one person out.
struct CarefulGate: Gate {
    static let stranger = Person(id: "U9", name: "mallory")
    static let sentence = "Only <@U1> may."
    /// Where a second person is needed.
    var guarded: Set<EnvironmentName> = [.prod]

    func ruling(on deed: Deed, by person: Person, from place: Place) async -> Ruling {
        if person.id == Self.stranger.id { return .refused(Self.sentence) }
        return .allowed(needsApproval: deed.kind == .deploy && deed.environment.map(guarded.contains) == true)
    }
    func holdsPushes(to environment: EnvironmentName, of app: AppID) -> Bool { guarded.contains(environment) }
    func approvers(of app: AppID, in environment: EnvironmentName) -> [Party] { [.person("U1"), .person("U2")] }
}

extension Bench {
    static let ola = Person(id: "U2", name: "ola")

    func presses(_ gate: any Gate = OpenGate(), at date: Date = noon) -> PressDesk {
        PressDesk(intake(gate, at: date), source: world)
    }

    func forms(_ gate: any Gate = OpenGate()) -> FormDesk {
        FormDesk(CommandDesk(intake(gate), info()), source: world)
    }

    func press(
        _ step: NextStep, _ number: Int64, by person: Person = ola, _ gate: any Gate = OpenGate(), note: String? = nil
    ) async -> Answer {
        await presses(gate).press(
            step, on: OperationID(number), note: note, from: sender(by: person, button: true))
    }

    func steps(_ number: Int64) async throws -> [NextStep] {
        try await journal.lastReport(of: OperationID(number))?.steps ?? []
    }

    func sequels(_ number: Int64) async throws -> [Sequel] {
        try await journal.lastReport(of: OperationID(number))?.sequels ?? []
    }

    func phase(_ number: Int64) async throws -> Phase? {
        try await journal.lastReport(of: OperationID(number))?.phase
    }

    func audited(_ app: AppID = AppID(organisation: "iterate", name: "cats")) async throws -> [AuditEntry] {
        try await journal.audit(of: app, atMost: 50).entries
    }

    /// A release of `cats` in test, from the world's branch `main`: so many operations have ended then.
    func deploy(to environment: EnvironmentName = .test, ended: Int) async throws {
        await command("deploy cats \(environment) main")
        try await work(until: ended)
    }
}
