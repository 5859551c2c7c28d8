import Bot
import Deploys
import Foundation
import Glibc
import HTTP
import JSON
import Subprocess

/// The demo's database server, where one is installed: apps in containers reach it at the engine's bridge.
struct DemoPostgres: Sendable {
    private let server: PrivatePostgres
    private let network: PrivatePostgres.Network
    /// Where psql is.
    let programs: String

    private static let timeLimit = Duration.seconds(10)

    /// - Returns: nil when there is none, and when it does not start: the demo goes on without.
    static func start(
        in directory: URL, engineSocket: String, _ process: DemoEnvironment, http: HTTPClient, log: Log
    ) async -> DemoPostgres? {
        guard process.wantsPostgres, let programs = PrivatePostgres.programs else { return nil }
        let folder = directory.appending(path: "postgres", directoryHint: .isDirectory)
        do {
            let engine = DockerEngineClient(socketPath: engineSocket, http: http)
            guard let network = try await bridge(of: engine) else {
                log.warning("no database server for apps: the Docker Engine's bridge is not on this machine")
                return nil
            }
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            var server = try PrivatePostgres(in: folder, network: network, port: try port(in: folder))
            server.environment = process.programVariables
            try await server.start()
            let started = DemoPostgres(server: server, network: network, programs: programs)
            try await started.close()
            return started
        } catch {
            log.warning("no database server for apps: \(error)")
            return nil
        }
    }

    /// What the bot is told of it.
    func variables() throws -> [String: String] {
        [
            "ITERAPP_POSTGRES_ADMIN_URL": try server.url(),
            "ITERAPP_POSTGRES_APP_HOST": "\(network.address):\(server.port)",
        ]
    }

    func stop() async { await server.stop() }

    /// What the README asks operators for.
    private func close() async throws {
        var run = ProgramRun(
            "\(programs)/psql",
            ["-X", "-q", "-w", "-c", "REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC", "postgres"],
            timeLimit: Self.timeLimit)
        let url = URL(string: try server.url())
        run.environment = [
            "PGHOST": "127.0.0.1", "PGPORT": String(server.port), "PGUSER": PrivatePostgres.admin,
            "PGPASSWORD": url?.password(),
        ]
        run.inheritsEnvironment = false
        let result = try await run.run()
        guard result.exitCode == 0 else {
            throw DemoError(String(decoding: result.errorOutput, as: UTF8.self))
        }
    }

    /// The same at every start, for apps know it.
    private static func port(in folder: URL) throws -> Int {
        let file = folder.appending(path: "port")
        if let text = try? String(contentsOf: file, encoding: .utf8), let port = Int(text) { return port }
        let port = try FreePort.find()
        try PrivateFile.write(Array(String(port).utf8), to: file, mode: 0o600)
        return port
    }

    /// Nil when its address is another machine's.
    private static func bridge(of engine: DockerEngineClient) async throws -> PrivatePostgres.Network? {
        let answer = try await engine.call("GET", "/networks/bridge")
        for network in answer.at("IPAM", "Config")?.array ?? [] {
            // An engine that has made its bridge since it started tells no gateway (moby, initBridgeDriver): it is the
            // first address then.
            guard let subnet = network["Subnet"]?.string,
                let address = network["Gateway"]?.string ?? firstAddress(of: subnet), isOwn(address)
            else { continue }
            return PrivatePostgres.Network(address: address, subnet: subnet)
        }
        return nil
    }

    /// `172.17.0.1` of `172.17.0.0/16`.
    private static func firstAddress(of subnet: String) -> String? {
        let parts = subnet.prefix { $0 != "/" }.split(separator: ".")
        guard parts.count == 4, let last = UInt8(parts[3]), last < UInt8.max else { return nil }
        return (parts.dropLast() + ["\(last + 1)"]).joined(separator: ".")
    }

    /// Whether a socket can be bound to it.
    private static func isOwn(_ text: String) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        guard inet_pton(AF_INET, text, &address.sin_addr) == 1 else { return false }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
