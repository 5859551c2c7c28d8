import Foundation
import Subprocess

/// A file system in a file, that a test can freeze: what is written to it does not end until it is thawed (fsfreeze(8)).
package struct FrozenDisk: Sendable {
    private static let mebibytes = 64
    private static let timeLimit = Duration.seconds(20)
    /// It thaws by itself then, whatever became of the test: nobody else could end a process that writes there.
    private static let longestFreezeSeconds = 60

    package let directory: URL

    /// Mounts one for `body`, as `disk` in `parent`.
    /// - Parameter unavailable: what is thrown where that is not allowed, made of the reason; tests skip with it.
    package static func with<T>(
        in parent: URL, unavailable: (String) -> any Error, _ body: (FrozenDisk) async throws -> T
    ) async throws -> T {
        let (image, place) = (parent.appending(path: "disk.img"), parent.appending(path: "disk"))
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        for (program, arguments) in [
            ("truncate", ["--size", "\(mebibytes)M", image.path]), ("mkfs.ext4", ["-q", image.path]),
            ("mount", ["-o", "loop", image.path, place.path]),
        ] {
            guard try await runs(program, arguments) else {
                throw unavailable("no file system in a file can be made here: \(program) failed")
            }
        }
        let result: Result<T, any Error>
        do { result = .success(try await body(FrozenDisk(directory: place))) } catch { result = .failure(error) }
        _ = try await runs("fsfreeze", ["--unfreeze", place.path])
        _ = try await runs("umount", ["--lazy", place.path])
        return try result.get()
    }

    package func freeze() async throws {
        let watchdog = "(sleep \(Self.longestFreezeSeconds); fsfreeze --unfreeze \"$1\") > /dev/null 2>&1 < /dev/null &"
        let script = "fsfreeze --freeze \"$1\" && { \(watchdog) }"
        guard try await Self.runs("sh", ["-c", script, "sh", directory.path]) else {
            throw TestFailure("\(directory.path) could not be frozen")
        }
    }

    package func thaw() async throws {
        guard try await Self.runs("fsfreeze", ["--unfreeze", directory.path]) else {
            throw TestFailure("\(directory.path) could not be thawed")
        }
    }

    private static func runs(_ program: String, _ arguments: [String]) async throws -> Bool {
        try await ProgramRun(program, arguments, timeLimit: timeLimit).run().exitCode == 0
    }
}
