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
        list += folder.secretOptions
        list.append("--output=" + OptionFields.text([("type", "image"), ("name", name.text), ("push", "true")]))
        let cache = [("type", "registry"), ("ref", cacheName)]
        list.append("--import-cache=" + OptionFields.text(cache))
        list.append("--export-cache=" + OptionFields.text(cache + [("mode", "max"), ("ignore-error", "true")]))
        list.append("--metadata-file=" + folder.metadata)
        return list
    }

    /// A repository of its own, which no image has: slugs have no `_`. BuildKit writes images and caches at the same
    /// time, and registries were seen to mix up a layer that comes twice into one repository.
    private var cacheName: String { name.repository + "__cache:latest" }
}
