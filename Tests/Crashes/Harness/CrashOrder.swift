import Foundation

/// What the command line asks for.
package struct CrashOrder: Sendable {
    package struct Usage: Error {
        package let sentence: String
    }

    private var kills = 0
    private var seed = UInt64.random(in: 1...999_999)
    private var parallel = 4

    package init(_ arguments: some Sequence<String>) throws {
        var words = Array(arguments)[...]
        while let word = words.popFirst() {
            guard let value = words.popFirst(), let number = UInt64(value) else {
                throw Usage(sentence: "\(word) needs a number; usage: crashes [--kills N] [--seed N] [--parallel N]")
            }
            switch word {
            case "--kills": kills = Int(number)
            case "--seed": seed = number
            case "--parallel": parallel = max(1, Int(number))
            default: throw Usage(sentence: "\(word) is not known; usage: crashes [--kills N] [--seed N] [--parallel N]")
            }
        }
    }

    /// - Returns: whether nothing was found.
    package func run() async throws -> Bool {
        print("seed \(seed)")
        return try await KillTable(kills: kills, seed: seed, parallel: parallel).run()
    }
}
