/// An HTTP health check, as Kubernetes carries it out: an answer from 200 to 399 is healthy.
package struct Probe: Sendable, Equatable {
    /// Begins with `/`.
    package var path: String
    /// Nil means the appling's own port.
    package var port: Int?
    package var timeoutSeconds: Int
    package var initialDelaySeconds: Int
    package var periodSeconds: Int
    /// Failures in a row until the container counts as unhealthy.
    package var failureThreshold: Int
    /// Successes in a row until it counts as healthy again.
    package var successThreshold: Int

    package init(
        path: String, port: Int? = nil, timeoutSeconds: Int = 1, initialDelaySeconds: Int = 0,
        periodSeconds: Int = 2, failureThreshold: Int = 3, successThreshold: Int = 1
    ) {
        self.path = path
        self.port = port
        self.timeoutSeconds = timeoutSeconds
        self.initialDelaySeconds = initialDelaySeconds
        self.periodSeconds = periodSeconds
        self.failureThreshold = failureThreshold
        self.successThreshold = successThreshold
    }
}
