/// A table of a TOML document: names with values, in the order of the document.
package struct TOMLTable: Sendable {
    /// How the document wrote a table.
    package enum Form: Sendable, Equatable {
        /// The document itself, `[name]` or `[[name]]`.
        case header
        /// Only as a part of longer headers: `a` in `[a.b]`.
        case implied
        /// As a part of a dotted key: `a` in `a.b = 1`.
        case dotted
        /// `{ … }`
        case inline
    }

    package struct Entry: Sendable {
        package let name: String
        /// Where the name stands; for a table, in its own header if it has one.
        package let position: TOMLPosition
        package let value: TOMLValue
    }

    package let entries: [Entry]
    package let form: Form
    private let index: NameIndex

    init(entries: [Entry], form: Form, index: NameIndex) {
        self.entries = entries
        self.form = form
        self.index = index
    }

    /// A table without entries.
    package init() {
        self.init(entries: [], form: .header, index: NameIndex())
    }

    package func entry(_ name: String) -> Entry? {
        index.find(name, in: entries).map { entries[$0] }
    }

    package subscript(name: String) -> TOMLValue? { entry(name)?.value }
}

extension TOMLTable.Entry: Named {}

protocol Named {
    var name: String { get }
}

/// Finds members by name: by looking through a few, by hash in many.
///
/// Names are the same only when their bytes are: Swift's strings also take differently composed
/// accents for equal, TOML's keys do not.
struct NameIndex: Sendable {
    private static let maxLinear = 8

    private struct ExactName: Hashable {
        let name: String

        static func == (left: Self, right: Self) -> Bool {
            left.name == right.name && left.name.utf8.elementsEqual(right.name.utf8)
        }
    }

    private var indices: [ExactName: Int] = [:]

    func find<Member: Named>(_ name: String, in members: [Member]) -> Int? {
        let wanted = ExactName(name: name)
        if members.count > Self.maxLinear { return indices[wanted] }
        return members.firstIndex { ExactName(name: $0.name) == wanted }
    }

    /// Must follow every `append` to `members`.
    mutating func appended<Member: Named>(to members: [Member]) {
        if members.count > Self.maxLinear + 1 {
            indices[ExactName(name: members[members.count - 1].name)] = members.count - 1
        } else if members.count == Self.maxLinear + 1 {
            for (index, member) in members.enumerated() {
                indices[ExactName(name: member.name)] = index
            }
        }
    }
}
