import JSON

/// One key of `iterapp.toml`.
struct Key: Sendable {
    let name: String
    let shape: Shape
    let reach: Reach
    /// What holds where the key is missing; nil where that is nothing, or depends on other keys.
    let standard: JSON?
    /// Whether its table means nothing without it.
    let isRequired: Bool
    /// What it is for, in a sentence or two, for the editor that shows it.
    let summary: String

    init(
        _ name: String, _ shape: Shape, reach: Reach = .shared, default standard: JSON? = nil,
        required: Bool = false, _ summary: String
    ) {
        self.name = name
        self.shape = shape
        self.reach = reach
        self.standard = standard
        isRequired = required
        self.summary = summary
    }

    /// In which files a key of the top level may stand.
    enum Reach: Sendable {
        /// Only in the root file: it is about the repository.
        case repository
        /// Everywhere; a root file that lists applings gives the default of all of them.
        case shared
        /// Where it is about one appling, so not in a root file that lists applings.
        case own
    }

    /// What a value looks like.
    indirect enum Shape: Sendable {
        case flag
        case whole(ClosedRange<Int>)
        case text(Format)
        /// A number of pods, or a percentage as text.
        case podCount
        case list(Format, maxCount: Int)
        /// A table with these keys.
        case table([Key])
        /// An array of tables with these keys.
        case tables([Key], maxCount: Int)
        /// A table whose keys the author chooses.
        case named(Names, Shape)
        /// The value of an environment variable: a text, `{ secret, key }` or `{ encrypted }`.
        case variable
        /// `{ encrypted }`
        case encrypted
    }
}

extension Key.Shape {
    /// What must stand there, to follow "must be".
    var expectation: String {
        switch self {
        case .flag: "`true` or `false`"
        case .whole(let range) where range.count == 1: "\(range.lowerBound)"
        case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .text(let format): format.expectation
        case .podCount: "a whole number from 0 to 100, or a percentage such as \"30%\""
        case .list(let format, _): "a list such as [\"\(format.example)\"]"
        case .table, .named: "a table"
        case .tables: "an array of tables"
        case .variable: "a text in quotes, or { secret = \"…\", key = \"…\" }"
        case .encrypted: "{ encrypted = \"…\" }"
        }
    }

    /// Whether what stands there may be a secret, which no sentence may repeat.
    var isConfidential: Bool {
        switch self {
        case .text(let format): format.isConfidential
        case .variable, .encrypted: true
        default: false
        }
    }

    /// The keys of a table, or of the tables that hold what the author named.
    var keys: [Key] {
        switch self {
        case .table(let keys), .tables(let keys, _): keys
        case .named(_, let shape): shape.keys
        default: []
        }
    }
}
