import JSON

/// The events that mean something to us (docs.github.com, "Webhook events and payloads"), and what is read of each: a
/// payload has up to 25 MB.
enum WebhookEvent: String, CaseIterable, Sendable {
    case ping, push, delete, installation, repository
    case checkRun = "check_run"
    case checkSuite = "check_suite"
    case installationRepositories = "installation_repositories"

    /// Of the repositories that one delivery lists.
    static let maxRepositories = 10_000

    var selection: JSONSelection {
        switch self {
        case .ping: [:]
        case .push:
            [
                "ref": .scalar, "before": .scalar, "after": .scalar, "deleted": .scalar,
                "head_commit": [
                    "message": .scalar, "url": .scalar, "author": ["name": .scalar],
                ],
                "pusher": ["name": .scalar], "repository": Self.repositorySelection, "installation": ["id": .scalar],
            ]
        case .delete:
            [
                "ref": .scalar, "ref_type": .scalar, "repository": Self.repositorySelection,
                "installation": ["id": .scalar],
            ]
        case .checkRun:
            [
                "action": .scalar, "repository": Self.repositorySelection, "installation": ["id": .scalar],
                "sender": ["login": .scalar],
                "check_run": [
                    "head_sha": .scalar, "external_id": .scalar, "check_suite": ["head_branch": .scalar],
                ],
                "requested_action": ["identifier": .scalar],
            ]
        case .checkSuite:
            [
                "action": .scalar, "repository": Self.repositorySelection, "installation": ["id": .scalar],
                "sender": ["login": .scalar],
                "check_suite": ["head_sha": .scalar, "head_branch": .scalar],
            ]
        case .repository:
            [
                "action": .scalar, "repository": Self.repositorySelection, "installation": ["id": .scalar],
                "changes": [
                    "default_branch": ["from": .scalar], "repository": ["name": ["from": .scalar]],
                    "owner": ["from": ["user": ["login": .scalar], "organization": ["login": .scalar]]],
                ],
            ]
        case .installation:
            [
                "action": .scalar, "installation": ["id": .scalar, "account": ["login": .scalar]],
                "repositories": .items(Self.repositorySelection, maxCount: Self.maxRepositories),
            ]
        case .installationRepositories:
            [
                "action": .scalar, "installation": ["id": .scalar],
                "repositories_added": .items(Self.repositorySelection, maxCount: Self.maxRepositories),
                "repositories_removed": .items(Self.repositorySelection, maxCount: Self.maxRepositories),
            ]
        }
    }

    private static let repositorySelection: JSONSelection = [
        "id": .scalar, "full_name": .scalar, "default_branch": .scalar,
    ]
}
