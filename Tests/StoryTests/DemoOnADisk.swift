import Foundation
import TestSupport

/// Gives `body` a demo that runs, with its state in another folder: a disk of its own. Afterwards it has ended, and its
/// images are gone.
func withDemo(
    stateOn disk: URL, _ environment: [String: String], _ body: (DemoProcess) async throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        try FileManager.default.createSymbolicLink(at: directory.appending(path: "state"), withDestinationURL: disk)
        let demo = try DemoProcess(in: directory, environment: environment)
        let result: Result<Void, any Error>
        do {
            try await demo.start()
            result = .success(try await body(demo))
        } catch { result = .failure(error) }
        await demo.stop()
        await demo.removeImages()
        try result.get()
    }
}
