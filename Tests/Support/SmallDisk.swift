import Foundation
import Subprocess

/// A file system of some MiB in memory, that a test can fill.
package struct SmallDisk: Sendable {
    package let directory: URL

    /// - Parameter unavailable: what is thrown where mounting is not allowed, made of the reason; tests skip with it.
    ///   `XCTSkip` itself is out of reach here, as the benchmarks, which have no XCTest, share this folder.
    package static func with<T>(
        mebibytes: Int, unavailable: (String) -> any Error, _ body: (SmallDisk) async throws -> T
    ) async throws -> T {
        try await withTemporaryDirectory { directory in
            let disk = directory.appending(path: "disk")
            try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
            let mount = try await ProgramRun(
                "mount", ["-t", "tmpfs", "-o", "size=\(mebibytes)m", "iterapp-test", disk.path],
                timeLimit: .seconds(10)).run()
            guard mount.exitCode == 0 else {
                throw unavailable(
                    "no small disk can be mounted here: \(String(decoding: mount.errorOutput, as: UTF8.self))")
            }
            let result: Result<T, any Error>
            do { result = .success(try await body(SmallDisk(directory: disk))) } catch { result = .failure(error) }
            _ = try await ProgramRun("umount", ["--lazy", disk.path], timeLimit: .seconds(10)).run()
            return try result.get()
        }
    }

    private var filler: URL { directory.appending(path: "filler") }

    /// Takes all space but so much.
    package func fill(leavingBytes left: Int = 0) throws {
        let descriptor = open(filler.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let block = [UInt8](repeating: 0x66, count: 4_096)
        var size = 0
        while true {
            let count = write(descriptor, block, block.count)
            guard count > 0 else { break }
            size += count
        }
        guard errno == ENOSPC else { throw TestFailure("the disk did not fill up: error \(errno)") }
        ftruncate(descriptor, off_t(max(0, size - left)))
    }

    package func empty() throws { try FileManager.default.removeItem(at: filler) }
}
