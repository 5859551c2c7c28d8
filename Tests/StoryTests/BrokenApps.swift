import Foundation
import TestSupport

/// One demo with several apps that each went live once, and were then broken, each in a way of its own, and deployed
/// again: all at once, because some take their time to fail.
actor BrokenApps {
    struct App {
        let name: String
        /// Files of the commit that breaks it; nil removes one.
        let files: [String: String?]
    }

    private let shared = SharedDemo(environment: ["ITERAPP_ROLLOUT_DEADLINE_SECONDS": "5"])
    private let apps: [App]
    private var outcomes: [String: DemoProcess.Outcome]?

    init(_ apps: [App]) { self.apps = apps }

    nonisolated func end() { shared.end() }

    func demo() async throws -> DemoProcess { try await shared.get() }

    /// What the channel says of the broken commit's deploy.
    func outcome(_ name: String) async throws -> DemoProcess.Outcome {
        if outcomes == nil { outcomes = try await breakAll() }
        guard let outcome = outcomes?[name] else { throw TestFailure("there is no app \(name)") }
        return outcome
    }

    private func breakAll() async throws -> [String: DemoProcess.Outcome] {
        let demo = try await shared.get()
        for app in apps { try await demo.repository(app.name).make() }
        _ = try await demo.outcomes(of: apps.map { ($0.name, "register \($0.name)") })
        for (app, outcome) in zip(apps, try await deploy(demo)) where !outcome.live.text.contains("is live") {
            throw TestFailure("\(app.name) was not even live before: \(outcome.live.words)\n\(outcome.thread)")
        }
        for app in apps { try await demo.repository(app.name).commit(app.files, "Break it") }
        let broken = try await deploy(demo)
        return Dictionary(uniqueKeysWithValues: zip(apps.map(\.name), broken))
    }

    private func deploy(_ demo: DemoProcess) async throws -> [DemoProcess.Outcome] {
        try await demo.outcomes(of: apps.map { ($0.name, "deploy \($0.name) test main") })
    }

    /// Takes the broken commits back and deploys; the channel's word on each app.
    func repairAll() async throws -> [String: String] {
        if outcomes == nil { outcomes = try await breakAll() }
        let demo = try await shared.get()
        for app in apps { try await demo.repository(app.name).git("revert", "--no-edit", "HEAD") }
        return Dictionary(uniqueKeysWithValues: zip(apps.map(\.name), try await deploy(demo).map(\.live.text)))
    }

    var names: [String] { apps.map(\.name) }
}
