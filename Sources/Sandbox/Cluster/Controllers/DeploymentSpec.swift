import Foundation
import JSON

/// The part of a Deployment's spec that the controller decides on
/// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentSpec).
struct DeploymentSpec: Equatable {
    enum Strategy: Equatable {
        case recreate
        case rollingUpdate(maxSurge: Int, maxUnavailable: Int)
    }

    var replicas: Int
    var strategy: Strategy
    var progressDeadlineSeconds: Int
    var revisionHistoryLimit: Int
    var isPaused: Bool

    init(_ deployment: JSON) {
        let spec = deployment["spec"] ?? .null
        replicas = spec["replicas"]?.int ?? 1
        progressDeadlineSeconds = spec["progressDeadlineSeconds"]?.int ?? 600
        revisionHistoryLimit = spec["revisionHistoryLimit"]?.int ?? 10
        isPaused = spec["paused"]?.bool ?? false
        if spec.at("strategy", "type")?.string == "Recreate" {
            strategy = .recreate
        } else {
            let rolling = spec.at("strategy", "rollingUpdate")
            strategy = Self.fenceposts(
                surge: rolling?["maxSurge"] ?? "25%", unavailable: rolling?["maxUnavailable"] ?? "25%",
                replicas: replicas)
        }
    }

    /// Percentages of surge round up, of unavailability down; both 0 would never move, so one pod may then
    /// be missing (the Deployment's page, "Max Unavailable" and "Max Surge").
    private static func fenceposts(surge: JSON, unavailable: JSON, replicas: Int) -> Strategy {
        let surge = scaled(surge, of: replicas, rule: .up)
        let unavailable = scaled(unavailable, of: replicas, rule: .down)
        let neverMoves = surge == 0 && unavailable == 0
        return .rollingUpdate(maxSurge: surge, maxUnavailable: neverMoves ? 1 : unavailable)
    }

    private static func scaled(_ value: JSON, of total: Int, rule: FloatingPointRoundingRule) -> Int {
        if let number = value.int { return max(0, number) }
        guard let text = value.string, text.hasSuffix("%"), let percent = Int(text.dropLast())
        else { return 0 }
        return max(0, Int((Double(percent * total) / 100).rounded(rule)))
    }

    var maxSurge: Int { if case .rollingUpdate(let surge, _) = strategy { surge } else { 0 } }

    var maxUnavailable: Int {
        guard case .rollingUpdate(_, let unavailable) = strategy else { return 0 }
        return min(unavailable, replicas)
    }
}
