import JSON

/// What a field may hold: enough to refuse what Kubernetes refuses, to fill in its defaults, and to know
/// who owns which part (https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy).
indirect enum SchemaType: Sendable {
    case string(StringRule)
    /// A whole number within bounds; the upper one is `Int.max` when there is none.
    case int(ClosedRange<Int>)
    case bool
    case quantity
    case time
    /// Base64.
    case bytes
    /// A number, or text with a meaning of its own.
    case intOrString(IntOrStringRule)
    case any
    case list(SchemaType, ListIdentity, maxItems: Int)
    case map(SchemaType, isAtomic: Bool)
    case structure(SchemaStructure)
}

enum StringRule: Sendable, Equatable {
    case free
    /// In the order in which errors list them.
    case oneOf([String])
    case length(ClosedRange<Int>)
    case format(StringFormat)
}

enum IntOrStringRule: Sendable {
    case free
    /// 1 to 65535, or a port's name.
    case port
    /// 0 or more, or a percentage.
    case share
}

/// How the items of a list are told apart when two writers change it.
enum ListIdentity: Sendable, Equatable {
    /// They are not: the list is one value.
    case atomic
    /// Each value stands for itself.
    case set
    case keys([String])
}

struct SchemaStructure: Sendable {
    let name: String
    /// One owner for the whole, as of a label selector.
    let isAtomic: Bool
    let fields: [String: SchemaField]
}

struct SchemaField: Sendable {
    let name: String
    let type: SchemaType
    let isRequired: Bool
    let standard: Standard

    enum Standard: Sendable {
        case none
        /// Stands in for a field that is not there.
        case ifAbsent(JSON)
        /// Also stands in for 0 and "", which Go cannot tell from absent in a field without a pointer.
        case ifZero(JSON)

        var value: JSON? {
            switch self {
            case .none: nil
            case .ifAbsent(let value), .ifZero(let value): value
            }
        }
    }
}

extension SchemaType {
    var structure: SchemaStructure? { if case .structure(let structure) = self { structure } else { nil } }

    /// One owner for all of it, or nothing below it to own.
    var isLeaf: Bool {
        switch self {
        case .list(_, let identity, _): identity == .atomic
        case .map(_, let isAtomic): isAtomic
        case .structure(let structure): structure.isAtomic
        default: true
        }
    }

    /// The type behind a key, and whether the schema names that key itself; nil when it knows none.
    func child(_ key: String) -> (type: SchemaType, isNamed: Bool)? {
        switch self {
        case .structure(let structure): structure.fields[key].map { ($0.type, true) }
        case .map(let element, _): (element, false)
        case .any: (.any, false)
        default: nil
        }
    }
}
