import Foundation
import Subprocess
import TestSupport
import XCTest

/// The image that the tests' pods run: one that the environment names, or one made from a static busybox for the
/// Docker Engine of this machine.
enum ClusterImage {
    /// Any image with `sh`, `httpd`, `mkdir` and `sleep` of busybox.
    static let named = ProcessInfo.processInfo.environment["ITERAPP_TEST_IMAGE"].flatMap { $0.isEmpty ? nil : $0 }
    static let own = "iterapp-test-cluster:\(getpid())"
    static var name: String { named ?? own }

    /// What the container does: as its variables say.
    static let start = "mkdir -p /tmp/www; echo ok > /tmp/www/index.html; eval \"$SCRIPT\""
    /// Serves `/index.html` on port 8080 until it is told to end.
    static let serve = "trap 'exit 0' TERM; httpd -f -p 8080 -h /tmp/www & wait"

    private static let docker = "/usr/bin/docker"
    private static let busybox = "/usr/bin/busybox"

    static let socket: String = {
        let host = ProcessInfo.processInfo.environment["DOCKER_HOST"] ?? ""
        return host.hasPrefix("unix://") ? String(host.dropFirst(7)) : "/var/run/docker.sock"
    }()

    /// Skips the test, saying why, where there is nothing to build with.
    static func make() async throws {
        if named != nil { return }
        for path in [docker, busybox, socket] where access(path, F_OK) != 0 {
            throw XCTSkip("\(path) is missing: the embedded cluster needs a Docker Engine and a static busybox")
        }
        try await withTemporaryDirectory { folder in
            try FileManager.default.copyItem(at: URL(filePath: busybox), to: folder.appending(path: "busybox"))
            let programs = ["sh", "httpd", "mkdir", "sleep", "head", "tr"]
            let copies = programs.map { "COPY busybox /bin/\($0)" }.joined(separator: "\n")
            let text = """
                FROM scratch
                LABEL no.iterapp.test=1
                \(copies)

                """
            try Data(text.utf8).write(to: folder.appending(path: "Dockerfile"))
            let result = try await run(["build", "--quiet", "--tag", own, folder.path])
            guard result.exitCode == 0 else {
                throw TestFailure("docker build failed: \(String(decoding: result.errorOutput, as: UTF8.self))")
            }
        }
    }

    static func remove(_ others: [String] = []) async {
        if named == nil { _ = try? await run(["image", "rm", "--force", own] + others) }
    }

    private static func run(_ arguments: [String]) async throws -> ProgramResult {
        var run = ProgramRun(docker, arguments, timeLimit: .seconds(60))
        run.environment = ["DOCKER_BUILDKIT": "1", "DOCKER_HOST": "unix://" + socket]
        return try await run.run()
    }
}
