import Deploys
import JSON

/// A word of a container's command or arguments that somebody else wrote.
enum ContainerWord {
    /// So that the container gets it as it stands. Kubernetes takes `$(NAME)` for a variable and `$$` for one
    /// dollar sign (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#entrypoint),
    /// both of which mean something else to a shell.
    static func verbatim(_ text: String) -> JSON { .string(text.replacingEvery("$", with: "$$")) }
}
