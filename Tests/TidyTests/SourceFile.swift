import Foundation

/// A Swift file of this checkout, as the tidy tests look at it.
struct SourceFile {
    let path: String
    let text: String
    let lines: [Substring]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func all(below folder: String) throws -> [SourceFile] {
        let base = root.appending(path: folder)
        let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
            SourceFile(
                path: "\(folder)/\(name)", text: try String(contentsOf: base.appending(path: name), encoding: .utf8))
        }
    }

    /// The folder below `Sources`.
    var room: String { String(path.split(separator: "/")[1]) }

    var imports: Set<String> {
        Set(lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), words[..<index].allSatisfy({ $0.hasPrefix("@") || $0 == "package" }),
                index + 1 < words.count
            else { return nil }
            return String(words[words.count - 1].split(separator: ".")[0])
        })
    }

    /// Functions and initialisers with the number of lines between their braces. A function ends with the first
    /// closing brace at its own indentation.
    var functions: [(line: Int, lines: Int)] {
        var found: [(Int, Int)] = []
        for (index, line) in lines.enumerated() {
            let words = line.split { $0 == " " || $0 == "(" || $0 == "<" || $0 == "?" }
            guard words.prefix(6).contains(where: { $0 == "func" || $0 == "init" }),
                !line.contains("\""), !line.drop(while: { $0 == " " }).hasPrefix("//")
            else { continue }
            let indentation = line.prefix { $0 == " " }
            guard let start = lines[index...].firstIndex(where: { $0.hasSuffix("{") }),
                start - index < 8,
                let end = lines[(start + 1)...].firstIndex(where: { $0 == indentation + "}" })
            else { continue }
            found.append((index + 1, end - start - 1))
        }
        return found
    }
}
