import Foundation

/// What the demo takes from its process: the bot alone reads the environment.
package struct DemoEnvironment: Sendable {
    /// `SLACK_SIGNING_SECRET`, when it is set.
    package let signingSecret: String?
    package let dockerHost: String?
    /// `ITERAPP_ROLLOUT_DEADLINE_SECONDS`, when it is set.
    package let rollOutDeadline: String?
    /// `ITERAPP_DISK_RESERVE_MIB`, when it is set.
    package let diskReserve: String?
    /// `ITERAPP_POLICY_FILE`, when it is set.
    package let policyFile: String?
    /// Not with `ITERAPP_DEMO_POSTGRES=false`.
    package let wantsPostgres: Bool
    /// What is set of `ITERAPP_NATS_…`: the servers are somebody else's.
    package let nats: [String: String]
    package let path: String
    package let isRoot: Bool
    /// The program that runs, as an absolute path.
    package let program: String
    /// What the programs that we start may see.
    package let programVariables: [String: String]

    package static func fromProcess() -> DemoEnvironment {
        let environment = ProcessInfo.processInfo.environment
        let secret = environment["SLACK_SIGNING_SECRET"] ?? ""
        return DemoEnvironment(
            signingSecret: secret.isEmpty ? nil : secret, dockerHost: environment["DOCKER_HOST"],
            rollOutDeadline: environment["ITERAPP_ROLLOUT_DEADLINE_SECONDS"],
            diskReserve: environment["ITERAPP_DISK_RESERVE_MIB"],
            policyFile: environment["ITERAPP_POLICY_FILE"],
            wantsPostgres: environment["ITERAPP_DEMO_POSTGRES"] != "false",
            nats: environment.filter { SettingsReader.natsSettings.contains($0.key) },
            path: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin", isRoot: geteuid() == 0,
            program: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
                ?? CommandLine.arguments[0],
            programVariables: Settings.programVariables(environment))
    }
}
