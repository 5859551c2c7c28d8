import Foundation
import SQLite
import Subprocess
import TestSupport

/// What Iterapp's intake is measured against, installed when it is missing.
struct OtherServers {
    private static let installTimeLimit = Duration.seconds(600)
    private static let nginx = "/usr/sbin/nginx"
    private static let packages = ["slack_bolt", "aiohttp", "uvicorn", "uvloop", "httptools", "granian", "gunicorn"]
    private static let app = URL(filePath: #filePath).deletingLastPathComponent()

    let directory: URL
    /// With Bolt and its servers.
    private let python: URL

    /// - Parameter directory: for what the servers write.
    init(in directory: URL) async throws {
        self.directory = directory
        python = FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache/iterapp-benchmarks/bolt")
        if access(Self.nginx, X_OK) != 0 {
            print("installing nginx")
            try await Self.install("apt-get", ["install", "--yes", "--quiet", "--no-install-recommends", "nginx-light"])
        }
        if access(python.appending(path: "bin/granian").path, X_OK) != 0 {
            print("installing Bolt for Python and its servers into \(python.path)")
            try await Self.install("python3", ["-m", "venv", python.path])
            try await Self.install(python.appending(path: "bin/pip").path, ["install", "--quiet"] + Self.packages)
        }
    }

    private static func install(_ program: String, _ arguments: [String]) async throws {
        let result = try await ProgramRun(program, arguments, timeLimit: installTimeLimit).run()
        guard result.exitCode == 0 else {
            throw TestFailure(
                "\(program) \(arguments.joined(separator: " ")): \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
    }

    /// Answers at once, without a look at the request.
    func startNginx(workers: Int) async throws -> IntakeServer {
        let port = try freePort()
        let configuration = """
            daemon off;
            worker_processes \(workers);
            pid \(directory.path)/nginx.pid;
            error_log stderr;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path \(directory.path)/body;
                proxy_temp_path \(directory.path)/proxy;
                fastcgi_temp_path \(directory.path)/fastcgi;
                uwsgi_temp_path \(directory.path)/uwsgi;
                scgi_temp_path \(directory.path)/scgi;
                keepalive_requests 100000000;
                server { listen 127.0.0.1:\(port) reuseport; location / { return 200 "Queued."; } }
            }
            """
        let file = directory.appending(path: "nginx.conf")
        try Data(configuration.utf8).write(to: file)
        return try await IntakeServer(
            IntakeServer.Recipe(
                name: "nginx, \(workers == 1 ? "1 worker" : "\(workers) workers")", mark: "Queued.", program: Self.nginx,
                arguments: ["-p", directory.path, "-c", file.path], port: port, directory: directory))
    }

    /// Starts Bolt on a server, with a database of its own.
    func start(_ bolt: Bolt) async throws -> IntakeServer {
        let port = try freePort()
        var environment: [String: String?] = [
            "SLACK_SIGNING_SECRET": IntakeServer.secret, "BENCHMARK_INTERFACE": bolt.interface,
            "PYTHONPATH": Self.app.path, "PYTHONDONTWRITEBYTECODE": "1",
        ]
        var check: @Sendable (Int) throws -> Void = { _ in }
        if bolt.isDurable {
            let file = directory.appending(path: "\(UUID().uuidString).sqlite").path
            environment["BENCHMARK_DATABASE"] = file
            try Self.makeDatabase(file)
            check = { try Self.check(file, acknowledged: $0) }
        }
        return try await IntakeServer(
            IntakeServer.Recipe(
                name: bolt.name, mark: "Queued.", program: python.appending(path: "bin/\(bolt.server)").path,
                arguments: bolt.arguments(port: port), environment: environment, port: port, directory: directory,
                check: check))
    }

    /// By one process alone: while several turn to a write-ahead log, SQLite refuses some of them at once.
    private static func makeDatabase(_ file: String) throws {
        let database = try Database(path: file)
        defer { database.close() }
        try database.execute(
            """
            PRAGMA journal_mode = WAL;
            CREATE TABLE operations (trigger TEXT PRIMARY KEY, person TEXT, text TEXT);
            """)
    }

    private static func check(_ file: String, acknowledged: Int) throws {
        let database = try Database(path: file)
        defer { database.close() }
        let written = Int(try database.run("SELECT count(*) AS n FROM operations").first?.integer("n") ?? 0)
        guard written == acknowledged else {
            throw TestFailure("Bolt acknowledged \(acknowledged) commands, and \(written) are in its database")
        }
    }
}

/// Bolt for Python on one of the servers that its own adapters run on and that keep connections open.
struct Bolt: Sendable {
    let server: String
    /// `asgi` or `wsgi`.
    let interface: String
    let processes: Int
    /// Whether commands are on disk before they are acknowledged.
    let isDurable: Bool

    var name: String {
        "Bolt\(isDurable ? ", durable" : ""), \(server) \(interface) × \(processes)"
    }

    static func all(processes: Int, isDurable: Bool) -> [Bolt] {
        [("uvicorn", "asgi"), ("granian", "asgi"), ("granian", "wsgi"), ("gunicorn", "wsgi")].map {
            Bolt(server: $0.0, interface: $0.1, processes: processes, isDurable: isDurable)
        }
    }

    fileprivate func arguments(port: Int) -> [String] {
        let module = "bolt_app:\(interface)"
        return switch server {
        case "uvicorn":
            [
                module, "--port", "\(port)", "--workers", "\(processes)", "--no-access-log", "--log-level", "warning",
            ]
        case "granian":
            ["--interface", interface, "--port", "\(port)", "--workers", "\(processes)", "--no-access-log", module]
        default:
            [
                "--bind", "127.0.0.1:\(port)", "--workers", "\(processes)", "--worker-class", "gthread", "--threads", "64",
                "--keep-alive", "60", module,
            ]
        }
    }
}
