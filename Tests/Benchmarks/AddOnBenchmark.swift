import Foundation
import Sandbox
import TestSupport

/// A deploy of an app whose database, cache and account exist already, over one of an app without any, in turns. The
/// target: at most 300 ms longer.
struct AddOnBenchmark {
    let demo: DemoProcess

    static let runs = 15
    static let maxLongerSeconds = 0.3
    static let settings = "[postgres]\n[redis_lfu_cache]\n[nats]\n"

    /// Says what is missing where it can't run.
    static func run() async throws {
        guard PrivatePostgres.programs != nil, BenchmarkNATS.isInstalled,
            access("/usr/bin/redis-server", X_OK) == 0
        else {
            return print("addons: skipped; PostgreSQL, nats-server and redis-server have to be installed\n")
        }
        try await withTemporaryDirectory { directory in
            let nats = try await BenchmarkNATS(in: directory)
            let result: Result<Void, any Error>
            do {
                let environment = nats.variables.merging(["ITERAPP_DEMO_POSTGRES": "true"]) { $1 }
                result = .success(try await withDemo(environment: environment) { try await Self(demo: $0).measure() })
            } catch {
                result = .failure(error)
            }
            await nats.stop()
            try result.get()
        }
    }

    private func measure() async throws {
        let apps = [("plain", ""), ("stocked", Self.settings)]
        for (app, settings) in apps {
            try await demo.repository(app).make(["iterapp.toml": settings])
            let registered = try await demo.outcome(of: "register \(app)")
            // The first deploy makes what the others find.
            let first = try await demo.outcome(of: "deploy \(app) test main")
            guard first.live.text == "✅ \(app) is live on test" else {
                throw TestFailure("\(registered.lines)\n\(first.lines)\n\(demo.log)")
            }
        }
        var figures = [String: Figures]()
        for run in 1...Self.runs {
            for (app, _) in run.isMultiple(of: 2) ? apps : apps.reversed() {
                figures[app, default: Figures()].add(try await deploy(app, run))
            }
        }
        guard let plain = figures["plain"], let stocked = figures["stocked"] else { return }
        print(plain.line("deploy without add-ons"))
        print(stocked.line("deploy with Postgres, Redis, NATS"))
        print(String(
            format: "with add-ons that exist: %.0f ms longer, %.2f times as long (target: at most %.0f ms longer)\n",
            (stocked.median - plain.median) * 1_000, stocked.median / plain.median, Self.maxLongerSeconds * 1_000))
    }

    /// From the command to the new page.
    private func deploy(_ app: String, _ run: Int) async throws -> Duration {
        let page = "Run \(run) of \(app)\n"
        try await demo.repository(app).commit(["site/index.html": page], "Run \(run)")
        let start = ContinuousClock.now
        let answer = try await demo.command("deploy \(app) test main")
        let deadline = start + .seconds(60)
        while await demo.page("\(app).test.localhost") != page {
            guard ContinuousClock.now < deadline else { throw TestFailure("\(answer.text)\n\(demo.log)") }
            try await Task.sleep(for: .milliseconds(5))
        }
        let took = ContinuousClock.now - start
        // What follows a roll-out must not weigh on the next one.
        try await demo.waitUntilQuiet("after run \(run) of \(app)")
        return took
    }
}
