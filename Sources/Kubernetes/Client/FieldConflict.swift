import JSON

/// A field that another manager owns, so that an apply without force was refused
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts).
package struct FieldConflict: Sendable, Hashable {
    /// As the server writes it: `.spec.replicas`, `.spec.template.spec.containers[name="web"].image`.
    package let field: String
    /// Who owns it, such as `kubectl` or `kube-controller-manager`.
    package let manager: String
    /// Through which part of the object, such as `scale`; nil for the object itself.
    package let subresource: String?

    package init(field: String, manager: String, subresource: String? = nil) {
        self.field = field
        self.manager = manager
        self.subresource = subresource
    }

    /// All conflicts that a `Status` names; empty when it is about something else.
    static func all(in status: JSON?) -> [FieldConflict] {
        (status?.at("details", "causes")?.array ?? []).compactMap { cause in
            guard cause["reason"]?.string == "FieldManagerConflict", let field = cause["field"]?.string else {
                return nil
            }
            // Measured: conflict with "kubectl" with subresource "scale" using apps/v1
            let message = cause["message"]?.string ?? ""
            return FieldConflict(
                field: field, manager: quoted(after: "conflict with ", in: message) ?? "another manager",
                subresource: quoted(after: "with subresource ", in: message))
        }
    }

    /// The text in quotes behind some words. Names are written as Go's `%q` does.
    private static func quoted(after words: String, in message: String) -> String? {
        guard let start = message.range(of: words + "\"") else { return nil }
        var text = ""
        var isEscaped = false
        for character in message[start.upperBound...] {
            if isEscaped {
                text.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return text
            } else {
                text.append(character)
            }
        }
        return nil
    }
}
