import AppFile
import JSON

/// What editors check `iterapp.toml` with while it is written.
package enum FileSchema {
    /// A JSON Schema; always the same bytes.
    package static var text: String { AppFile.schema.prettyText + "\n" }
}
