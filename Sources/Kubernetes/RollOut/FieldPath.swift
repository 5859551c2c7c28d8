import JSON

/// Leads to a field of an object.
struct FieldPath: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case field(String)
        /// An item of a list, by the keys that tell it from the others.
        case item([String: JSON])
        /// An item of a set, by its value, or of a list by its number.
        case value(String)
    }

    let steps: [Step]

    init(_ steps: [Step]) { self.steps = steps }

    func appending(_ step: Step) -> FieldPath { FieldPath(steps + [step]) }

    /// Whether an object has a value there.
    func isSet(in object: JSON) -> Bool {
        var value = object
        for step in steps {
            let next: JSON? =
                switch step {
                case .field(let name): value[name]
                case .item(let keys):
                    value.array?.first { item in keys.allSatisfy { item[$0.key] == $0.value } }
                case .value: value
                }
            guard let next else { return false }
            value = next
        }
        return true
    }

    /// Fields whose members have names of people's choice, with dots in them.
    private static let maps: Set<String> = [
        "labels", "annotations", "matchLabels", "nodeSelector", "data", "binaryData", "stringData", "limits",
        "requests",
    ]

    /// - Parameter text: as a conflict names a field: `.spec.template.spec.containers[name="web"].image`.
    init(conflict text: String) {
        var steps: [Step] = []
        var rest = text[...]
        while let first = rest.first {
            rest = rest.dropFirst()
            if first == "[" {
                let end = Self.end(ofBrackets: rest)
                steps.append(Self.item(rest[..<end]))
                rest = rest[end...].dropFirst()
            } else if case .field(let parent)? = steps.last, Self.maps.contains(parent) {
                steps.append(.field(String(rest)))
                break
            } else {
                let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
                steps.append(.field(String(rest[..<end])))
                rest = rest[end...]
            }
        }
        self.steps = steps
    }

    private static func end(ofBrackets text: Substring) -> Substring.Index {
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == "]", !isQuoted {
                return index
            }
        }
        return text.endIndex
    }

    /// Between the brackets: `name="web"`, `containerPort=8080,protocol="TCP"`, `="x"`, `0`.
    private static func item(_ text: Substring) -> Step {
        guard text.contains("=") else { return .value(String(text)) }
        if text.hasPrefix("=") { return .value(String(text.dropFirst())) }
        var keys: [String: JSON] = [:]
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            keys[String(parts[0])] = (try? JSON.parse(String(parts[1]))) ?? .string(String(parts[1]))
        }
        return .item(keys)
    }
}
