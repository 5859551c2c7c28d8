import Crypto
import Foundation
import HTTP
import TestSupport

/// Builds "images" in milliseconds: what one is called follows from the file `content`, which no two commits share. It
/// is pushed by a note of its digest, and the registry has what was noted.
final class QuickBuilder: Sendable {
    /// For `ITERAPP_REGISTRY`.
    let registry: String
    /// To be put onto PATH.
    let folder: URL
    private let server: HTTPServer

    init(in directory: URL) throws {
        let pushed = directory.appending(path: "registry", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: pushed, withIntermediateDirectories: true)
        folder = try BuildctlStandIn(in: directory, """
            digest="sha256:$(sha256sum < "$context/content" | cut -c1-64)"
            : > '\(pushed.path)'/"$digest"
            cat '\(BuildctlStandIn.recordings.path)/ok.rawjson' >&2
            echo "{\\"containerimage.digest\\":\\"$digest\\"}" > "$metadata"
            """).folder
        server = HTTPServer(HTTPServerSettings.anyPort) { request in
            let digest = request.path.split(separator: "/").last.map(String.init) ?? ""
            let isThere = FileManager.default.fileExists(atPath: pushed.appending(path: digest).path)
            return .text(isThere ? 200 : 404, "")
        }
        registry = "127.0.0.1:\(try server.start())/apps"
    }

    func stop() async { await server.stop(grace: .zero) }

    /// Of the image that is made of a commit with this content.
    static func digest(ofContent content: String) -> String { "sha256:" + hex(sha256(Array(content.utf8))) }
}

extension HTTPServerSettings {
    fileprivate static var anyPort: HTTPServerSettings {
        var settings = HTTPServerSettings()
        settings.port = 0
        return settings
    }
}
