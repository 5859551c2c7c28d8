/// What the scheduler sets aside for each pod, as Kubernetes quantities. Not an upper limit.
package struct Requests: Sendable, Equatable {
    package var cpu: String
    package var memory: String

    package init(cpu: String = "25m", memory: String = "100Mi") {
        self.cpu = cpu
        self.memory = memory
    }
}

/// How fast pods are replaced. Nil leaves a setting to the platform.
package struct RollingUpdate: Sendable, Equatable {
    /// Pods that may be missing from the wanted number.
    package var maxUnavailable: PodCount?
    /// Pods that may run beyond the wanted number.
    package var maxSurge: PodCount?

    package init(maxUnavailable: PodCount? = nil, maxSurge: PodCount? = nil) {
        self.maxUnavailable = maxUnavailable
        self.maxSurge = maxSurge
    }
}

/// A number of pods, or a share of the wanted number in percent.
package enum PodCount: Sendable, Equatable, CustomStringConvertible {
    case number(Int)
    case percent(Int)

    package var description: String {
        switch self {
        case .number(let count): "\(count)"
        case .percent(let share): "\(share)%"
        }
    }
}

/// Where an appling shows its metrics in the OpenMetrics text form.
package struct Metrics: Sendable, Equatable {
    package var path: String
    /// Nil means the appling's own port.
    package var port: Int?

    package init(path: String = "/metrics", port: Int? = nil) {
        self.path = path
        self.port = port
    }
}
