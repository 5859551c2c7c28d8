/// What a Docker Engine can answer other than success.
package enum EngineError: Error, Sendable, Equatable {
    /// Nobody answers on the socket: the engine is not running, or it stopped in the middle.
    case gone(reason: String)
    /// 404: no such container or image; `message` is the engine's own.
    case notFound(message: String)
    /// 409: the name is taken, or the container is in the wrong state.
    case conflict(message: String)
    /// Any other status from 400 on.
    case refused(status: Int, message: String)
    /// The engine took the request and did not answer in time.
    case timedOut
    /// The engine answered something that is not in its documentation.
    case unreadable(reason: String)
    case cancelled
}

extension EngineError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .gone(let reason): "The Docker Engine does not answer (\(reason))."
        case .notFound(let message), .conflict(let message): message
        case .refused(let status, let message): "The Docker Engine refused (\(status)): \(message)"
        case .timedOut: "The Docker Engine did not answer in time."
        case .unreadable(let reason): "The Docker Engine's answer cannot be read: \(reason)"
        case .cancelled: "The request to the Docker Engine was cancelled."
        }
    }
}
