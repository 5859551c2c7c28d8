/// Options whose value is made of fields: `type=image,push=true`.
enum OptionFields {
    /// They are one line of CSV (RFC 4180, section 2).
    static func text(_ fields: [(name: String, value: String)]) -> String {
        fields.map { field in
            let text = "\(field.name)=\(field.value)"
            guard text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
            return "\"" + text.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",")
    }
}
