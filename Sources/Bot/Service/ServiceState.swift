import HTTP
import Synchronization

/// What the health and metrics pages need to know about the running service.
final class ServiceState: Sendable {
    private struct State {
        var isStopping = false
        var server: HTTPServer?
    }

    private let state = Mutex(State())

    var isStopping: Bool {
        get { state.withLock { $0.isStopping } }
        set { state.withLock { $0.isStopping = newValue } }
    }

    var server: HTTPServer? {
        get { state.withLock { $0.server } }
        set { state.withLock { $0.server = newValue } }
    }
}
