import Foundation

/// How far the logs of a build were read: `17.5/web:1200,api:300`. Build, generation, and bytes of each; the name is
/// empty for an app without applings.
struct LogPosition: Equatable {
    /// Beyond it, nobody is believed.
    private static let maxLogs = 1_000

    let build: Int
    let generation: Int
    var offsets: [String: Int] = [:]

    init(build: Int, generation: Int) {
        self.build = build
        self.generation = generation
    }

    /// Without offsets.
    var round: String { "\(build).\(generation)" }

    /// Nil for anything else than a position.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, numbers.count == 2, let build = numbers[0], let generation = numbers[1] else {
            return nil
        }
        self.init(build: build, generation: generation)
        for place in parts[1].split(separator: ",").prefix(Self.maxLogs) {
            let halves = place.split(separator: ":", omittingEmptySubsequences: false)
            guard halves.count == 2, let name = String(halves[0]).removingPercentEncoding, let offset = Int(halves[1]),
                offset >= 0
            else { return nil }
            offsets[name] = offset
        }
    }

    /// Letters and digits of ASCII stay, every other byte becomes `%` and two digits: no name breaks out of its line.
    static func encoded(_ name: String) -> String {
        name.addingPercentEncoding(withAllowedCharacters: asciiAlphanumerics) ?? ""
    }

    private static let asciiAlphanumerics = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")

    var text: String {
        let places = offsets.sorted { $0.key < $1.key }.map { name, offset in
            Self.encoded(name) + ":\(offset)"
        }
        return round + "/" + places.joined(separator: ",")
    }
}
