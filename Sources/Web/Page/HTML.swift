import Deploys

enum HTML {
    /// For text, and for attributes in double quotes.
    static func escaped(_ text: String) -> String {
        text.replacingEvery("&", with: "&amp;").replacingEvery("<", with: "&lt;").replacingEvery(">", with: "&gt;")
            .replacingEvery("\"", with: "&quot;")
    }

    /// What every page begins with, up to its body.
    /// - Parameters:
    ///   - title: as text.
    ///   - further: lines of HTML for this page alone, such as its script.
    static func head(_ title: String, _ further: String...) -> String {
        let lines = further.filter { !$0.isEmpty }.map { $0 + "\n" }.joined()
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(escaped(title))</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="\(LogAssets.stylePath)">
            \(lines)</head>
            """
    }

    /// A script that runs once the page is read.
    static func script(_ path: String) -> String { "<script src=\"\(path)\" defer></script>" }
}
