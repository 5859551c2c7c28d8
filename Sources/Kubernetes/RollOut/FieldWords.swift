import JSON

/// Fields of one object in people's words: “`image` of the container `cats` (Deployment cats)”.
struct FieldWords {
    /// Such as `Deployment cats`.
    let object: String
    static let maxNamedFields = 5

    init(_ object: JSON) { self.object = object.label }

    /// - Returns: a subject for a sentence, and whether it is more than one thing.
    func subject(_ paths: [FieldPath]) -> (text: String, isPlural: Bool) {
        var names: [String] = []
        var hasContainer = false
        for path in paths {
            let words = Self.words(path)
            hasContainer = hasContainer || words.container != nil
            let text = words.field + (words.container.map { " of the container `\($0)`" } ?? "")
            if !names.contains(text) { names.append(text) }
        }
        let isPlural = names.count > 1
        let rest = names.count - Self.maxNamedFields
        if rest > 0 { names = names.prefix(Self.maxNamedFields) + ["\(rest) more"] }
        let list =
            names.count > 1
            ? names.dropLast().joined(separator: ", ") + " and \(names.last ?? "")" : names.first ?? ""
        return (list + (hasContainer ? " (\(object))" : " of the \(object)"), isPlural)
    }

    /// - Returns: the container's name where the field is one of a container.
    static func words(_ path: FieldPath) -> (field: String, container: String?) {
        var steps = path.steps[...]
        var container: String?
        for (index, step) in path.steps.enumerated() {
            guard case .item(let keys) = step, index > 0, let name = keys["name"]?.string,
                [.field("containers"), .field("initContainers")].contains(path.steps[index - 1])
            else { continue }
            container = name
            steps = path.steps[(index + 1)...]
        }
        if container == nil { steps = steps.drop { structure.contains($0) } }
        if let special = special(Array(steps)) { return (special, container) }
        if steps.isEmpty { return container.map { ("the container `\($0)`", nil) } ?? ("everything", nil) }
        return ("`\(text(steps))`", container)
    }

    /// Says only where in the object a field stands.
    private static let structure: [FieldPath.Step] = [.field("spec"), .field("template"), .field("metadata")]

    private static func special(_ steps: [FieldPath.Step]) -> String? {
        switch (steps.first, steps.dropFirst().first) {
        case (.field("env"), .item(let keys)?): "the variable `\(keys["name"]?.string ?? "?")`"
        case (.field("labels"), .field(let name)?): "the label `\(name)`"
        case (.field("annotations"), .field(let name)?): "the annotation `\(name)`"
        case (.field("data"), .field(let name)?), (.field("binaryData"), .field(let name)?): "the key `\(name)`"
        default: nil
        }
    }

    private static func text(_ steps: ArraySlice<FieldPath.Step>) -> String {
        var text = ""
        for step in steps {
            switch step {
            case .field(let name): text += text.isEmpty ? name : ".\(name)"
            case .item(let keys):
                let key = keys["name"] ?? keys.sorted { $0.key < $1.key }.first?.value
                text += "[\(key?.string ?? key?.text ?? "")]"
            case .value(let value): text += "[\(value)]"
            }
        }
        return text
    }
}

extension String {
    /// Fit to begin a sentence.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
