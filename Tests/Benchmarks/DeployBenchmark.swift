import Foundation
import Subprocess
import TestSupport

/// From the command to an answering app, for a commit whose layers are cached, against `docker build` and `docker run`
/// by hand. The target: at most 3 s longer.
struct DeployBenchmark {
    let demo: DemoProcess

    static let runs = 7
    static let image = "iterapp-benchmark:by-hand"

    func run() async throws {
        _ = try await demo.command("register cats")
        try await demo.waitForMessages("the registration") { $0.contains { $0.text.contains("cats is registered") } }
        try await demo.carryOut("deploy cats test main", end: "cats is live on test:")
        var throughIterapp = Figures()
        var byHand = Figures()
        for run in 1...Self.runs {
            // A commit of its own each time, so that it has to be built; its layers are cached.
            // No hook: a push would deploy it before the clock starts.
            try await demo.cats.git("-c", "core.hooksPath=/dev/null", "commit", "--allow-empty", "-m", "Run \(run)")
            let sha = try await demo.cats.git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
            byHand.add(try await deployByHand())
            throughIterapp.add(try await deployThroughIterapp(sha))
        }
        print(throughIterapp.line("deploy through Iterapp"))
        print(byHand.line("docker build + docker run by hand"))
        let longer = throughIterapp.median - byHand.median
        print(String(format: "Iterapp takes %.2f s longer, %.2f times as long (target: at most 3 s longer)\n",
            longer, throughIterapp.median / byHand.median))
    }

    private func deployThroughIterapp(_ sha: String) async throws -> Duration {
        let start = ContinuousClock.now
        _ = try await demo.command("deploy cats test \(sha)")
        while await demo.page("cats.test.localhost")?.contains(sha) != true {
            try await Task.sleep(for: .milliseconds(5))
        }
        return ContinuousClock.now - start
    }

    private func deployByHand() async throws -> Duration {
        let start = ContinuousClock.now
        try await docker("build", "--quiet", "-t", Self.image, demo.cats.directory.path)
        let id = try await docker("run", "--detach", "--env", "PORT=3000", Self.image)
        let address = try await docker("inspect", "--format", "{{.NetworkSettings.IPAddress}}", id)
        while await demo.answers("http://\(address):3000/health") != true {
            try await Task.sleep(for: .milliseconds(5))
        }
        let took = ContinuousClock.now - start
        try await docker("rm", "--force", id)
        return took
    }

    @discardableResult
    private func docker(_ arguments: String...) async throws -> String {
        var run = ProgramRun("/usr/bin/docker", arguments, timeLimit: .seconds(120))
        run.environment = ["DOCKER_BUILDKIT": "1"]
        let result = try await run.run()
        guard result.exitCode == 0 else {
            throw TestFailure("docker \(arguments[0]): \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
        return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
