import Crypto
import Foundation
import Subprocess

/// An image of the program that runs, with the libraries that it needs: what a scheduled task runs, where
/// there is no registry that the program's own image could come from.
package struct ProgramImage: Sendable {
    /// `iterapp:demo-…`; another one when the program is another one.
    package let reference: String
    private let program: String

    /// Says which program of this machine an image is of.
    static let label = "no.iterapp.program"
    private static let place = "usr/local/bin/iterapp"
    private static let libraries = "usr/local/lib/iterapp"
    static let maxArchiveBytes = 1 << 30
    private static let timeLimit = Duration.seconds(30)

    /// The value of the label: the same for the same path.
    var origin: String { String(hex(sha256(Array(program.utf8))).prefix(12)) }

    /// As in the program's published image: no root, and found by its name.
    var changes: [String] {
        [
            "USER 10001", "ENV PATH=/usr/local/bin", "ENV LD_LIBRARY_PATH=/\(Self.libraries)",
            "ENTRYPOINT [\"/\(Self.place)\"]", "LABEL \(Self.label)=\(origin)",
        ]
    }

    /// - Parameters:
    ///   - program: an absolute path.
    ///   - tagPrefix: tells the images of tests from those of demos.
    package init(program: String, tagPrefix: String = "demo-") {
        self.program = program
        let facts = (try? FileManager.default.attributesOfItem(atPath: program)) ?? [:]
        let identity = "\(program) \(facts[.size] ?? 0) \(facts[.modificationDate] ?? Date.distantPast)"
        reference = "\(OwnImages.repository):\(tagPrefix)\(hex(sha256(Array(identity.utf8))).prefix(12))"
    }

    /// The program and its libraries as a tar archive.
    func archive() async throws -> [UInt8] {
        var archive = TarArchive()
        func add(_ path: String, as name: String, mode: Int) throws {
            archive.add(name, Array(try Data(contentsOf: URL(filePath: path))), mode: mode)
            guard archive.bytes.count <= Self.maxArchiveBytes else {
                throw OwnImages.Failure(
                    description: "\(program) and its libraries are too large for an image")
            }
        }
        try add(program, as: Self.place, mode: 0o755)
        for library in Self.parse(try await listing()) {
            switch library {
            case .library(let name, let path): try add(path, as: "\(Self.libraries)/\(name)", mode: 0o644)
            // The program names its interpreter by this path.
            case .interpreter(let path): try add(path, as: String(path.drop { $0 == "/" }), mode: 0o755)
            }
        }
        return archive.finished()
    }

    private func listing() async throws -> String {
        let result = try await ProgramRun("ldd", [program], timeLimit: Self.timeLimit).run()
        guard result.exitCode == 0 else {
            throw OwnImages.Failure(description: "ldd cannot tell which libraries \(program) needs")
        }
        return String(decoding: result.output, as: UTF8.self)
    }

    enum Library: Equatable {
        case library(name: String, path: String)
        case interpreter(String)
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
