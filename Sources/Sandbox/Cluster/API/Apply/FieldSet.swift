import JSON

/// A set of paths into an object, as a tree.
struct FieldSet: Equatable, Sendable {
    /// The path up to here is in the set.
    var isMember = false
    var children: [FieldStep: FieldSet] = [:]

    static let empty = FieldSet()
    static let leaf = FieldSet(isMember: true)

    /// No path is in the set.
    var isEmpty: Bool { !isMember && children.isEmpty }

    /// Adds or replaces a subtree; an empty one is left out, so that equal sets are equal trees.
    subscript(step: FieldStep) -> FieldSet {
        get { children[step] ?? .empty }
        set { children[step] = newValue.isEmpty ? nil : newValue }
    }

    func union(_ other: FieldSet) -> FieldSet { combine(other) { $0 || $1 } }
    func intersection(_ other: FieldSet) -> FieldSet { combine(other) { $0 && $1 } }
    func subtracting(_ other: FieldSet) -> FieldSet { combine(other) { $0 && !$1 } }

    private func combine(_ other: FieldSet, _ rule: (Bool, Bool) -> Bool) -> FieldSet {
        var result = FieldSet(isMember: rule(isMember, other.isMember))
        for step in Set(children.keys).union(other.children.keys) {
            result[step] = self[step].combine(other[step], rule)
        }
        return result
    }

    /// Without a path and everything under it.
    func without(_ path: [FieldStep]) -> FieldSet {
        guard let step = path.first else { return .empty }
        var result = self
        result[step] = self[step].without(Array(path.dropFirst()))
        return result
    }

    /// Only a path and what is under it.
    func only(_ path: [FieldStep]) -> FieldSet {
        guard let step = path.first else { return self }
        var result = FieldSet.empty
        result[step] = self[step].only(Array(path.dropFirst()))
        return result
    }

    /// The paths as people read them, `.spec.replicas`: those of a level before those below it.
    var paths: [String] { paths(prefix: "") }

    private func paths(prefix: String) -> [String] {
        let steps = children.sorted { $0.key < $1.key }
        return steps.filter(\.value.isMember).map { prefix + $0.key.text }
            + steps.flatMap { $0.value.paths(prefix: prefix + $0.key.text) }
    }

    // MARK: fieldsV1

    init(isMember: Bool = false, children: [FieldStep: FieldSet] = [:]) {
        self.isMember = isMember
        self.children = children
    }

    /// Steps in a form not known here are left out: nobody could look them up.
    init(fieldsV1: JSON) {
        for (key, value) in fieldsV1.object ?? [:] {
            if key == "." {
                isMember = true
            } else if let step = FieldStep(encoded: key) {
                var child = FieldSet(fieldsV1: value)
                if child.children.isEmpty { child.isMember = true }
                children[step] = child
            }
        }
    }

    var fieldsV1: JSON {
        var members: [String: JSON] = isMember && !children.isEmpty ? [".": [:]] : [:]
        for (step, child) in children { members[step.encoded] = child.fieldsV1 }
        return .object(members)
    }
}
