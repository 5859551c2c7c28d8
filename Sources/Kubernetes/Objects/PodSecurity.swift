import JSON

/// What containers of our own run under: the Pod Security level `restricted`
/// (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted).
enum PodSecurity {
    /// For images whose user is a number other than 0.
    static let restrictedContainer: JSON = [
        "allowPrivilegeEscalation": false,
        "capabilities": ["drop": ["ALL"]],
        "readOnlyRootFilesystem": true,
        "runAsNonRoot": true,
        "seccompProfile": ["type": "RuntimeDefault"],
    ]
}
