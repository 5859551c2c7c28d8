import Foundation
import JSON

/// One context, cluster or user, with the file that it was read from.
struct KubeconfigEntry: Sendable {
    let value: JSON
    let file: String
    /// As people find it in the file: `user “me”`.
    let title: String

    /// Nil when it is missing or empty. Values are never repeated: they may be secret.
    func text(_ key: String) throws(ConnectionError) -> String? {
        switch value[key] {
        case nil, .null: return nil
        case .string(let text): return text.isEmpty ? nil : text
        default: throw problem("`\(key)` must be a text; put it in quotes")
        }
    }

    /// - Parameter reason: what is wrong and what to do, without a full stop.
    func problem(_ reason: String) -> ConnectionError {
        ConnectionError("The kubeconfig \(file) (KUBECONFIG), \(title): \(reason).")
    }

    /// A text in PEM, inline or from a file. Inline data wins, as in kubectl.
    /// - Returns: `path` only for a file.
    func pem(_ key: String) throws(ConnectionError) -> (text: String, path: String?)? {
        if let data = try text("\(key)-data") {
            guard let bytes = Data(base64Encoded: data, options: .ignoreUnknownCharacters),
                let text = String(data: bytes, encoding: .utf8), !text.isEmpty
            else { throw problem("`\(key)-data` is not Base64 of a PEM text; copy it again") }
            return (text, nil)
        }
        guard let name = try text(key) else { return nil }
        let path = resolve(name)
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw problem("the file \(path) of `\(key)` cannot be read; check its path and rights")
        }
        return (text, path)
    }

    /// Relative paths count from the kubeconfig's own folder.
    func resolve(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        return URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent(path).path
    }
}
