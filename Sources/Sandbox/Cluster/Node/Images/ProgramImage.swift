import Crypto
import Foundation

/// An image of a program of this machine, with the libraries that it needs, where there is no registry that an image
/// could come from: of this very program, which scheduled tasks run, or of a server that apps are given.
package struct ProgramImage: Sendable {
    /// `iterapp:demo-…`; another one when the program is another one.
    package let reference: String
    private let program: String
    /// By which it is found in the image.
    private let name: String

    /// Says which program of this machine an image is of.
    static let label = "no.iterapp.program"
    private var place: String { "usr/local/bin/\(name)" }
    private static let libraries = "usr/local/lib/iterapp"
    static let maxArchiveBytes = 1 << 30

    /// The value of the label: the same for the same path.
    var origin: String { String(hex(sha256(Array(program.utf8))).prefix(12)) }

    /// As in this program's published image: no root, and found by its name.
    var changes: [String] {
        [
            "USER 10001", "ENV PATH=/usr/local/bin", "ENV LD_LIBRARY_PATH=/\(Self.libraries)",
            "ENTRYPOINT [\"/\(place)\"]", "LABEL \(Self.label)=\(origin)",
        ]
    }

    /// - Parameters:
    ///   - program: an absolute path.
    ///   - name: by which the image's users call it.
    ///   - tagPrefix: tells the images of tests from those of demos.
    package init(program: String, name: String = "iterapp", tagPrefix: String = "demo-") {
        self.program = program
        self.name = name
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
        try add(program, as: place, mode: 0o755)
        for library in try await SharedLibraries.of(program) {
            switch library {
            case .library(let name, let path): try add(path, as: "\(Self.libraries)/\(name)", mode: 0o644)
            // The program names its interpreter by this path.
            case .interpreter(let path): try add(path, as: String(path.drop { $0 == "/" }), mode: 0o755)
            }
        }
        return archive.finished()
    }
}
