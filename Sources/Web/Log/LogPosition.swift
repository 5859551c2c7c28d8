import Foundation

/// How far the logs of a build were read: `17/web:1200,api:300`. Bytes; the name is empty for an app without applings.
struct LogPosition: Equatable {
    /// Beyond it, nobody is believed.
    private static let maxLogs = 1_000

    var build: Int
    var offsets: [String: Int] = [:]

    init(build: Int) { self.build = build }

    /// Nil for anything else than a position.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let build = Int(parts[0]), build >= 0 else { return nil }
        self.build = build
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
        return "\(build)/" + places.joined(separator: ",")
    }
}
