import JSON

/// One step into an object, as `fieldsV1` writes it: `f:name`, `k:{"name":"cats"}`, `v:"x"`, `i:0`
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
enum FieldStep: Hashable, Sendable {
    case field(String)
    /// An item of a list, by its keys: an object.
    case key(JSON)
    /// An item of a set, by its value.
    case value(JSON)

    init?(encoded: String) {
        guard let colon = encoded.firstIndex(of: ":") else { return nil }
        let rest = String(encoded[encoded.index(after: colon)...])
        switch encoded[..<colon] {
        case "f": self = .field(rest)
        case "k":
            guard let key = try? JSON.parse(rest), key.object != nil else { return nil }
            self = .key(key)
        case "v":
            guard let value = try? JSON.parse(rest) else { return nil }
            self = .value(value)
        default: return nil
        }
    }

    var encoded: String {
        switch self {
        case .field(let name): "f:\(name)"
        case .key(let key): "k:\(key.text)"
        case .value(let value): "v:\(value.text)"
        }
    }

    /// As conflicts and type errors name it: `.image`, `[name="cats"]`, `[="x"]`.
    var text: String {
        switch self {
        case .field(let name): ".\(name)"
        case .key(let key):
            "["
                + (key.object ?? [:]).sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value.text)" }.joined(separator: ",") + "]"
        case .value(let value): "[=\(value.text)]"
        }
    }
}

extension FieldStep: Comparable {
    static func < (left: FieldStep, right: FieldStep) -> Bool {
        left.rank == right.rank ? left.encoded < right.encoded : left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .field: 0
        case .key: 1
        case .value: 2
        }
    }
}
