import Deploys

/// How an environment is, at a glance.
enum Health {
    case well, shaky, down, unknown, empty

    init(_ status: EnvironmentStatus) {
        guard status.release != nil else {
            self = .empty
            return
        }
        guard let pods = status.pods else {
            self = .unknown
            return
        }
        if pods.wanted > 0, pods.ready == 0 {
            self = .down
        } else if pods.ready < pods.wanted || Self.isTroubled(status.certificate)
            || status.tasks.contains(where: \.isFailing)
        {
            self = .shaky
        } else {
            self = .well
        }
    }

    private static func isTroubled(_ certificate: CertificateStatus) -> Bool {
        if case .trouble = certificate { true } else { false }
    }

    var emoji: String {
        switch self {
        case .well: "🟢"
        case .shaky: "🟡"
        case .down: "🔴"
        case .unknown, .empty: "⚪"
        }
    }
}
