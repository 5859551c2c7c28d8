import Foundation
import Images

extension Settings {
    /// What builds images.
    package enum Builder: Sendable, Equatable {
        /// The engine that DOCKER_HOST names.
        case docker
        case buildKit(BuildKitSettings)
    }

    package struct BuildKitSettings: Sendable, Equatable {
        /// `tcp://host:port` or `unix:///path`
        package var host: String
        package var tls: BuildKit.TLS?
        /// What images' names begin with: `registry.example/apps`.
        package var registry: String
        /// Credentials of registries, as Docker's `config.json`; nil for the operator's own.
        package var authFile: String?
    }
}

extension SettingsReader {
    mutating func builder() -> Settings.Builder {
        enum Choice: String, CaseIterable { case buildkit, docker }
        let isKnown = Choice(rawValue: text("ITERAPP_BUILDER") ?? "buildkit") != nil
        let choice = choice("ITERAPP_BUILDER", default: Choice.buildkit)
        // What another builder needs is not asked of somebody who only mistyped.
        guard choice == .buildkit, isKnown else { return .docker }
        let host = buildKitHost()
        return .buildKit(
            Settings.BuildKitSettings(
                host: host, tls: buildKitTLS(host),
                registry: required(
                    "ITERAPP_REGISTRY",
                    "with ITERAPP_BUILDER=buildkit (the default), images go there, as in registry.example.com/apps"),
                authFile: authFile()))
    }

    private mutating func buildKitHost() -> String {
        let host = required(
            "BUILDKIT_HOST",
            "with ITERAPP_BUILDER=buildkit (the default), it says where BuildKit listens, as in tcp://buildkitd:1234")
        let isSocket = host.hasPrefix("unix:///")
        let url = URL(string: host)
        let isAddress = url?.scheme == "tcp" && url?.host()?.isEmpty == false && url?.port != nil
        if !host.isEmpty, !isSocket, !isAddress {
            problems.append(
                "BUILDKIT_HOST must be as in tcp://buildkitd:1234 or unix:///run/buildkitd.sock, not \(host).")
        }
        return host
    }

    /// All three files or none.
    private mutating func buildKitTLS(_ host: String) -> BuildKit.TLS? {
        let names = ["ITERAPP_BUILDKIT_TLS_CA", "ITERAPP_BUILDKIT_TLS_CERT", "ITERAPP_BUILDKIT_TLS_KEY"]
        let paths = names.compactMap { text($0) }
        guard !paths.isEmpty else { return nil }
        guard paths.count == names.count else {
            let missing = names.filter { text($0) == nil }.joined(separator: " and ")
            problems.append("\(missing) must be set as well: mutual TLS takes an authority, a certificate and its key.")
            return nil
        }
        for (name, path) in zip(names, paths) { checkFile(name, path) }
        if host.hasPrefix("unix:") {
            problems.append("ITERAPP_BUILDKIT_TLS_CA is for tcp://: there is no TLS on the socket of BUILDKIT_HOST.")
        }
        return BuildKit.TLS(authority: paths[0], certificate: paths[1], key: paths[2])
    }

    private mutating func authFile() -> String? {
        guard let path = text("ITERAPP_REGISTRY_AUTH_FILE") else { return nil }
        checkFile("ITERAPP_REGISTRY_AUTH_FILE", path)
        // A link to it would lead elsewhere.
        return path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private mutating func checkFile(_ name: String, _ path: String) {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        guard exists, !isFolder.boolValue, FileManager.default.isReadableFile(atPath: path) else {
            problems.append("\(name) names \(path), which can't be read.")
            return
        }
    }
}
