import Foundation
import TestSupport
import XCTest

@testable import Images

/// Standard error of a real `buildctl build --progress=rawjson`.
struct Recording {
    let name: String
    let bytes: [UInt8]

    init(_ name: String) throws {
        self.name = name
        bytes = Array(try Data(contentsOf: BuildctlStandIn.recordings.appending(path: name + ".rawjson")))
    }

    static func all() throws -> [Recording] {
        try FileManager.default.contentsOfDirectory(atPath: BuildctlStandIn.recordings.path)
            .filter { $0.hasSuffix(".rawjson") }.sorted()
            .map { try Recording(String($0.dropLast(".rawjson".count))) }
    }

    struct Replay {
        var lines: [String] = []
        var counts: [[Int]] = []
        var progress = RawProgress()

        mutating func take(_ bytes: some Collection<UInt8>) {
            progress.take(Array(bytes)[...]) { lines.append($0) }
            count()
        }

        mutating func finish(succeeded: Bool) {
            progress.finish(succeeded: succeeded) { lines.append($0) }
            count()
        }

        private mutating func count() {
            guard let count = progress.count.map({ [$0.done, $0.total] }), count != counts.last else { return }
            counts.append(count)
        }
    }

    /// - Parameter chunk: bytes that come at once; nil for all.
    func replayed(chunk: Int? = nil, succeeded: Bool = false) -> Replay {
        var replay = Replay()
        var rest = bytes[...]
        while !rest.isEmpty {
            replay.take(rest.prefix(chunk ?? rest.count))
            rest = rest.dropFirst(chunk ?? rest.count)
        }
        replay.finish(succeeded: succeeded)
        return replay
    }
}
