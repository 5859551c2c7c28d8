import Subprocess

/// What a program needs to start in an image that has nothing else.
enum SharedLibraries {
    enum Library: Equatable {
        case library(name: String, path: String)
        /// The program names it by this path.
        case interpreter(String)
    }

    private static let timeLimit = Duration.seconds(30)

    /// - Returns: files of this machine.
    static func of(_ program: String) async throws -> [Library] {
        let result = try await ProgramRun("ldd", [program], timeLimit: timeLimit).run()
        guard result.exitCode == 0 else {
            let reason = String(decoding: result.errorOutput, as: UTF8.self)
            throw DemoError("The libraries of \(program) can't be listed: \(reason)")
        }
        return parse(String(decoding: result.output, as: UTF8.self))
    }

    /// Lines such as `libz.so.1 => /lib/libz.so.1 (0x…)` and `/lib64/ld-linux-x86-64.so.2 (0x…)` (ldd(1)).
    static func parse(_ listing: String) -> [Library] {
        listing.split(separator: "\n").compactMap { line in
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            if words.count >= 3, words[1] == "=>", words[2].hasPrefix("/") {
                return .library(
                    name: words[0].split(separator: "/").last.map(String.init) ?? words[0], path: words[2])
            }
            return words.first.flatMap { $0.hasPrefix("/") ? .interpreter($0) : nil }
        }
    }
}
