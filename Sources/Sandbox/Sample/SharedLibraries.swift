import Foundation
import Subprocess

/// What a program needs to start in an image that has nothing else.
enum SharedLibraries {
    private static let timeLimit = Duration.seconds(10)

    /// - Returns: files of this machine, and where the dynamic linker (ld.so(8)) looks for them without its cache.
    static func of(_ program: String) async throws -> [(place: String, file: String)] {
        let result = try await ProgramRun("ldd", [program], timeLimit: timeLimit).run()
        guard result.exitCode == 0 else {
            let reason = String(decoding: result.errorOutput, as: UTF8.self)
            throw DemoError("The libraries of \(program) can't be listed: \(reason)")
        }
        return String(decoding: result.output, as: UTF8.self).split(separator: "\n").compactMap { line in
            // `libpq.so.5 => /lib/x86_64-linux-gnu/libpq.so.5 (0x…)`; the linker itself stands there by its path.
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count >= 3, words[1] == "=>" { return ("/lib/\(words[0])", String(words[2])) }
            guard let first = words.first, first.hasPrefix("/") else { return nil }
            return (String(first), String(first))
        }
    }
}
