import Foundation
import TestSupport

/// What the command line asks for.
package struct CrashOrder: Sendable {
    package struct Usage: Error {
        package let sentence: String
    }

    private var kills = 0
    private var seed = UInt64.random(in: 1...999_999)
    private var parallel = 4
    private var stride = 1
    private var writesPoints = false
    private var modes: [FaultMode]?
    private var calls: [String] = []

    private static let usage =
        "usage: crashes [--kills N] [--seed N] [--parallel N] [--write-points] [--modes all|before,half,…] "
        + "[--calls fsync,…] [--stride N]"

    package init(_ arguments: some Sequence<String>) throws {
        var words = Array(arguments)[...]
        while let word = words.popFirst() {
            switch word {
            case "--kills": kills = try Self.number(word, words.popFirst())
            case "--seed": seed = UInt64(try Self.number(word, words.popFirst()))
            case "--parallel": parallel = max(1, try Self.number(word, words.popFirst()))
            case "--stride": stride = max(1, try Self.number(word, words.popFirst()))
            case "--write-points": writesPoints = true
            case "--calls": calls = (words.popFirst() ?? "").split(separator: ",").map(String.init)
            case "--modes": modes = try Self.modes(words.popFirst() ?? "")
            default: throw Usage(sentence: "\(word) is not known; \(Self.usage)")
            }
        }
        if kills == 0, !writesPoints { throw Usage(sentence: Self.usage) }
    }

    private static func number(_ option: String, _ word: String?) throws -> Int {
        guard let number = word.flatMap({ Int($0) }), number >= 0 else {
            throw Usage(sentence: "\(option) needs a number; \(usage)")
        }
        return number
    }

    private static func modes(_ names: String) throws -> [FaultMode] {
        if names == "all" { return FaultMode.allCases.filter { $0 != .lie } }
        return try names.split(separator: ",").map { name in
            guard let mode = FaultMode(rawValue: String(name)) else {
                let known = FaultMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw Usage(sentence: "\(name) is no mode: \(known)")
            }
            return mode
        }
    }

    /// - Returns: whether nothing was found.
    package func run() async throws -> Bool {
        say("seed \(seed)")
        return try await withTemporaryDirectory { directory in
            var shim = try await FaultShim(in: directory)
            var isGood = true
            if kills > 0 {
                isGood = try await KillTable(shim: shim, kills: kills, seed: seed, parallel: parallel).run()
            }
            guard writesPoints else { return isGood }
            shim.calls = calls
            let table = PointTable(shim: shim, modes: modes, seed: seed, parallel: parallel, stride: stride)
            return try await table.run() && isGood
        }
    }
}
