import Foundation
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
            "nginx, \(workers) workers", mark: "Queued.", program: Self.nginx,
            { _ in ["-p", directory.path, "-c", file.path] }, port: port, directory: directory)
    }

    /// The servers that Bolt's own adapters run on and that keep connections open.
    static let bolts = ["uvicorn asgi", "granian asgi", "granian wsgi", "gunicorn wsgi"]

    /// - Parameter isDurable: whether commands are on disk before they are acknowledged.
    func startBolt(_ kind: String, processes: Int, isDurable: Bool) async throws -> IntakeServer {
        let parts = kind.split(separator: " ").map(String.init)
        var environment = [
            "SLACK_SIGNING_SECRET": IntakeServer.secret, "BENCHMARK_INTERFACE": parts[1],
            "PYTHONPATH": Self.app.path, "PYTHONDONTWRITEBYTECODE": "1",
        ]
        if isDurable {
            environment["BENCHMARK_DATABASE"] = directory.appending(path: "\(UUID().uuidString).sqlite").path
        }
        let workers = String(processes)
        return try await IntakeServer(
            "Bolt, \(kind)\(isDurable ? ", durable" : "")", mark: "Queued.",
            program: python.appending(path: "bin/\(parts[0])").path,
            { port in
                switch parts[0] {
                case "uvicorn":
                    [
                        "bolt_app:asgi", "--port", "\(port)", "--workers", workers, "--no-access-log", "--log-level",
                        "warning",
                    ]
                case "granian":
                    ["--interface", parts[1], "--port", "\(port)", "--workers", workers, "--no-access-log",
                        "bolt_app:\(parts[1])"]
                default:
                    [
                        "--bind", "127.0.0.1:\(port)", "--workers", workers, "--worker-class", "gthread", "--threads", "64",
                        "--keep-alive", "60", "bolt_app:wsgi",
                    ]
                }
            }, environment: environment, directory: directory)
    }
}
