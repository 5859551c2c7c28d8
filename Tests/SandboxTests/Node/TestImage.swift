import Foundation
import Subprocess
import Synchronization
import TestSupport
import XCTest

@testable import Sandbox

/// Images for the tests: a static busybox and a page, built from nothing. Removed with `remove`.
enum TestImage {
    static let label = "no.iterapp.test=1"
    /// Of the node's own tools: not the one that a demo beside the tests uses.
    static let toolsTag = "test-tools-\(getpid())"
    static let tools = "iterapp:\(toolsTag)"
    /// The engine that the environment names, or the machine's own.
    static let socket: String = {
        let host = ProcessInfo.processInfo.environment["DOCKER_HOST"] ?? ""
        return host.hasPrefix("unix://") ? String(host.dropFirst(7)) : "/var/run/docker.sock"
    }()
    private static let docker = "/usr/bin/docker"
    private static let busybox = "/usr/bin/busybox"

    /// Skips the test, saying why, where there is no engine or nothing to build with.
    static func require() throws {
        for path in [docker, busybox, socket] where access(path, F_OK) != 0 {
            throw XCTSkip("\(path) is missing: this test needs a Docker Engine and a static busybox")
        }
    }

    private static let known = Mutex<Set<String>>([])

    /// Serves `page` on port 8080 and ends at once on SIGTERM. Built once, however often it is asked for.
    static func make(_ name: String, page: String) async throws {
        guard known.withLock({ !$0.contains(name) }) else { return }
        try await build(name, page: page)
        _ = known.withLock { $0.insert(name) }
    }

    /// And the node's tools. For the end of a test class, which cannot wait otherwise. Not to be called on a
    /// task's thread.
    static func removeAndWait(_ names: [String]) {
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            await remove(names + [tools])
            known.withLock { $0.subtract(names) }
            done.signal()
        }
        done.wait()
    }

    static func build(_ name: String, page: String) async throws {
        try await build(name, files: ["index.html": page], """
            COPY index.html /www/index.html
            EXPOSE 8080
            CMD ["/bin/busybox", "sh", "-c", \
            "trap 'echo got TERM; exit 0' TERM; /bin/busybox httpd -f -p 8080 -h /www & wait"]
            """)
    }

    /// - Parameters:
    ///   - files: their texts by path, in the build's context.
    ///   - dockerfile: what comes after busybox.
    static func build(_ name: String, files: [String: String], _ dockerfile: String) async throws {
        try require()
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "iterapp-image-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(
            at: URL(filePath: busybox), to: folder.appending(path: "busybox"))
        for (path, text) in files { try Data(text.utf8).write(to: folder.appending(path: path)) }
        let head = "FROM scratch\nCOPY busybox /bin/busybox\nLABEL \(label)\n"
        try Data((head + dockerfile).utf8).write(to: folder.appending(path: "Dockerfile"))
        var run = ProgramRun(docker, ["build", "--quiet", "--tag", name, folder.path], timeLimit: .seconds(60))
        run.environment = ["DOCKER_BUILDKIT": "1", "DOCKER_HOST": "unix://" + socket]
        let result = try await run.run()
        guard result.exitCode == 0 else {
            throw TestFailure("docker build failed: \(String(decoding: result.errorOutput, as: UTF8.self))")
        }
    }

    static func remove(_ names: [String]) async {
        var run = ProgramRun(docker, ["image", "rm", "--force"] + names, timeLimit: .seconds(30))
        run.environment = ["DOCKER_HOST": "unix://" + socket]
        _ = try? await run.run()
    }
}
