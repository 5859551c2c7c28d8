import Foundation
import Subprocess
import TestSupport

/// The program as people start it.
enum Program {
    struct End {
        let exitCode: Int32
        let output: String
        let errors: String
    }

    /// Runs `iterapp` with these words and no settings but `environment`.
    static func run(
        _ arguments: String..., environment: [String: String] = [:], directory: URL? = nil
    ) async throws -> End {
        var run = ProgramRun(DemoProcess.binary.path, arguments, timeLimit: .seconds(60))
        run.inheritsEnvironment = false
        run.environment = inherited.merging(environment) { _, own in own }.mapValues { $0 }
        run.directory = directory?.path
        let result = try await run.run()
        return End(
            exitCode: result.exitCode, output: String(decoding: result.output, as: UTF8.self),
            errors: String(decoding: result.errorOutput, as: UTF8.self))
    }

    private static var inherited: [String: String] {
        let names: Set = ["PATH", "HOME", "LD_LIBRARY_PATH"]
        return ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
    }

    /// A fresh folder with these files.
    static func with<T>(_ files: [String: String], _ body: (URL) async throws -> T) async throws -> T {
        try await withTemporaryDirectory { directory in
            for (path, text) in files {
                let file = directory.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            return try await body(directory)
        }
    }
}
