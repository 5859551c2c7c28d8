import TOML

/// Typed access to a table that was checked.
///
/// What has the wrong type was reported by the checker and is simply missing here, so that
/// everything else can still be looked at.
struct Section {
    let table: TOMLTable

    init(_ table: TOMLTable?) { self.table = table ?? TOMLTable() }

    var entries: [TOMLTable.Entry] { table.entries }

    var names: [String] { table.entries.map(\.name) }

    func whole(_ name: String) -> Int? { table[name]?.integer }

    func text(_ name: String) -> String? { table[name]?.string }

    func flag(_ name: String) -> Bool? { table[name]?.boolean }

    func podCount(_ name: String) -> PodCount? { table[name].flatMap(PodCount.init) }

    func texts(_ name: String) -> [Placed<String>] { Section.texts(table[name]) }

    /// Empty when there is none.
    func section(_ name: String) -> Section { Section(table[name]?.table) }

    /// Nil when there is none, for tables whose presence says something.
    func table(_ name: String) -> Section? { table[name]?.table.map { Section($0) } }

    func position(_ name: String) -> TOMLPosition? { table.entry(name)?.position }

    static func texts(_ value: TOMLValue?) -> [Placed<String>] {
        (value?.array ?? []).compactMap { element in
            element.string.map { Placed($0, at: element.position) }
        }
    }
}

/// A value together with the place that it comes from.
struct Placed<Value> {
    let value: Value
    let position: TOMLPosition

    init(_ value: Value, at position: TOMLPosition) {
        self.value = value
        self.position = position
    }
}

extension PodCount {
    static let maxCount = 100

    /// A whole number, or a text such as `2` or `30%`; nil for anything else.
    init?(_ value: TOMLValue) {
        let text = value.string ?? ""
        let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
        guard let number = value.integer ?? Self.whole(digits), (0...Self.maxCount).contains(number)
        else { return nil }
        self = text.hasSuffix("%") ? .percent(number) : .number(number)
    }

    private static func whole(_ text: String) -> Int? {
        let number = Int(text)
        return number.map(String.init) == text ? number : nil
    }

    var isZero: Bool { self == .number(0) || self == .percent(0) }
}
