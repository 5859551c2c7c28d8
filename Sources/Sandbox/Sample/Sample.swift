import Foundation

/// What a sample app is made of.
struct Sample: Sendable {
    let name: String
    /// The first commit's.
    let message: String
    let texts: [(path: String, text: String)]
    /// Files of this machine, by where they go; found when they are needed.
    let programs: @Sendable () async throws -> [(path: String, file: URL)]

    static let cats = Sample(name: "cats", message: "Let the cats out", texts: SampleFiles.all) {
        [("busybox", try StaticBusybox.find())]
    }

    /// - Parameter psql: PostgreSQL's own program, which knows where its libraries are.
    static func visits(psql: String) -> Sample {
        Sample(name: "visits", message: "Count who comes by", texts: VisitsFiles.all) {
            [("busybox", try StaticBusybox.find()), ("root/bin/psql", URL(filePath: psql))]
                + (try await SharedLibraries.of(psql)).map { library in
                    switch library {
                    // Where ld.so(8) looks without its cache.
                    case .library(let name, let path): ("root/lib/\(name)", URL(filePath: path))
                    case .interpreter(let path): ("root\(path)", URL(filePath: path))
                    }
                }
        }
    }
}
