import JSON

/// What an app has once in each environment: a namespace, and an account for its pods.
struct NamespaceObjects {
    let scope: ObjectScope
    let options: RenderOptions
    /// https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#kubernetes-sa-to-iam
    private static let googleAccountAnnotation = "iam.gke.io/gcp-service-account"

    var rendering: Rendering { Rendering([namespace, serviceAccount]) }

    private var namespace: JSON {
        // Stock images such as nginx run as root, which `restricted` refuses: it only warns
        // (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
        let security: [String: JSON] = [
            "pod-security.kubernetes.io/enforce": "baseline",
            "pod-security.kubernetes.io/warn": "restricted",
        ]
        let labels = scope.labels.merging(security) { own, _ in own }
        return [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["name": .string(scope.release.namespace), "labels": .object(labels)],
        ]
    }

    private var serviceAccount: JSON {
        [
            "apiVersion": "v1", "kind": "ServiceAccount",
            "metadata": scope.metadata(name: scope.serviceAccountName, annotations: annotations),
            // Apps have no business with the API server.
            "automountServiceAccountToken": false,
        ]
    }

    /// Apps without an instance of Cloud SQL act as nobody at Google.
    private var annotations: [String: JSON] {
        guard let account = options.cloudSQLServiceAccount,
            scope.release.applings.contains(where: { !$0.settings.cloudSQLInstances.isEmpty })
        else { return [:] }
        return [Self.googleAccountAnnotation: .string(account)]
    }
}
