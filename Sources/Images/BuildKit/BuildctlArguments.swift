import Deploys
import Foundation

/// What `buildctl build` is told (BuildKit, docs/reference/buildctl.md).
struct BuildctlArguments {
    let request: ImageRequest
    let dockerfile: Dockerfile
    let name: ImageName
    let labels: [String: String]
    let folder: BuildFolder

    var list: [String] {
        var list = [
            "--progress=rawjson", "--frontend=dockerfile.v0", "--local=context=" + dockerfile.context.path,
            "--local=dockerfile=" + dockerfile.file.deletingLastPathComponent().path,
            "--opt=filename=" + dockerfile.file.lastPathComponent, "--opt=platform=" + ImageTarget.platform,
            "--opt=build-arg:\(ImageTarget.buildDate)=" + request.buildDate.formatted(.iso8601),
        ]
        list += labels.sorted { $0.key < $1.key }.map { "--opt=label:\($0.key)=\($0.value)" }
        list += folder.secretFiles.map { "--secret=" + Self.fields([("id", $0.id), ("src", $0.path)]) }
        list.append("--output=" + Self.fields([("type", "image"), ("name", name.text), ("push", "true")]))
        let cache = [("type", "registry"), ("ref", name.repository + ":" + Self.cacheTag)]
        list.append("--import-cache=" + Self.fields(cache))
        list.append("--export-cache=" + Self.fields(cache + [("mode", "max"), ("ignore-error", "true")]))
        list.append("--metadata-file=" + folder.metadata)
        return list
    }

    /// No build's tag: those end with a number.
    static let cacheTag = "buildcache"

    /// Options are fields of one line of CSV (RFC 4180, section 2).
    private static func fields(_ fields: [(name: String, value: String)]) -> String {
        fields.map { field in
            let text = "\(field.name)=\(field.value)"
            guard text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
            return "\"" + text.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",")
    }
}
