import Foundation
import HTTP

/// Where to look for a Docker Engine, and whether one may be started.
package struct EngineSearch: Sendable {
    /// The environment's `DOCKER_HOST`.
    package var dockerHost: String?
    package var isRoot: Bool
    /// The environment's `PATH`; the system's administration folders are searched after it.
    package var path: String
    package var defaultSocket = "/var/run/docker.sock"
    /// Where administrators' programs are, whether on the path or not.
    var administrationFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin"]

    package init(dockerHost: String?, isRoot: Bool, path: String) {
        self.dockerHost = dockerHost
        self.isRoot = isRoot
        self.path = path
    }

    /// What the search found; each with the sentence that a person needs when it is not an engine.
    package enum Finding: Sendable, Equatable {
        case answers(socket: String)
        /// None answers, but this `dockerd` can be started.
        case canStart(program: String)
        case none(advice: String)
    }

    package func find(http: HTTPClient) async -> Finding {
        if let dockerHost, !dockerHost.isEmpty, !dockerHost.hasPrefix("unix://") {
            return .none(advice: """
                DOCKER_HOST is \(dockerHost), but the demo opens its containers by their own address, so it \
                needs a Docker Engine on this machine: unset DOCKER_HOST or point it to a unix:// socket.
                """)
        }
        var sockets = [defaultSocket]
        if let dockerHost, !dockerHost.isEmpty { sockets.insert(String(dockerHost.dropFirst(7)), at: 0) }
        var forbidden: String?
        for socket in sockets {
            do {
                try await DockerEngineClient(socketPath: socket, http: http).ping()
                return .answers(socket: socket)
            } catch {
                if access(socket, F_OK) == 0, access(socket, W_OK) != 0 { forbidden = socket }
            }
        }
        return fallback(forbidden: forbidden)
    }

    private func fallback(forbidden: String?) -> Finding {
        if let forbidden {
            return .none(advice: """
                This user may not use the Docker Engine at \(forbidden): run \
                `sudo usermod -aG docker $USER`, log in again, and start the demo once more.
                """)
        }
        guard let program = executable("dockerd") else {
            return .none(advice: "No Docker Engine is installed: run `apt-get install docker.io` as root.")
        }
        return isRoot
            ? .canStart(program: program)
            : .none(advice: "The Docker Engine is not running: start it with `sudo service docker start`.")
    }

    private func executable(_ name: String) -> String? {
        let folders = path.split(separator: ":").map(String.init) + administrationFolders
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
