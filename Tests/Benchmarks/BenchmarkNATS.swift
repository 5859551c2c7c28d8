import Foundation
import Subprocess
import TestSupport

/// A NATS server with TLS, of an operator whose files the tests have.
struct BenchmarkNATS {
    private static let program = "/usr/sbin/nats-server"
    private static let startTimeLimit = Duration.seconds(20)
    private static let owner = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "AddonsTests/Fixtures/operators/plain", directoryHint: .isDirectory)

    /// What the demo is told of it.
    let variables: [String: String]
    private let process: RunningProgram

    static var isInstalled: Bool { access(program, X_OK) == 0 }

    /// - Parameter directory: for what it writes.
    init(in directory: URL) async throws {
        func path(_ name: String) -> String { directory.appending(path: name).path }
        func file(_ name: String) -> String { Self.owner.appending(path: name).path }
        let port = try freePort()
        try await TestCertificates(in: directory).make("cert", for: "IP:127.0.0.1")
        let configuration = """
            listen: "127.0.0.1:\(port)"
            tls { cert_file: "\(path("cert.pem"))", key_file: "\(path("cert.key"))" }
            include "resolver.conf"
            """
        try Data(configuration.utf8).write(to: directory.appending(path: "nats.conf"))
        // The server reads what it includes from its own folder only.
        try FileManager.default.copyItem(atPath: file("resolver.conf"), toPath: path("resolver.conf"))
        process = try RunningProgram(
            Self.program, ["--config", path("nats.conf")], directory: directory.path, logFile: path("nats.log"))
        let ready = Data("Server is ready".utf8)
        let deadline = ContinuousClock.now + Self.startTimeLimit
        while (try? Data(contentsOf: URL(filePath: path("nats.log"))))?.range(of: ready) == nil {
            guard process.isRunning, ContinuousClock.now < deadline else {
                throw TestFailure("nats-server did not start; see \(path("nats.log"))")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        variables = [
            "ITERAPP_NATS_URL": "tls://127.0.0.1:\(port)", "ITERAPP_NATS_CA_FILE": path("cert.pem"),
            "ITERAPP_NATS_OPERATOR_SEED_FILE": file("operator.nk"),
            "ITERAPP_NATS_SYSTEM_CREDENTIALS_FILE": file("system.creds"),
        ]
    }

    func stop() async { await process.terminate(grace: .seconds(2)) }
}
