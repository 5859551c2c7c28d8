import Synchronization

/// What all event loops of one server share.
final class ServerContext: Sendable {
    let settings: HTTPServerSettings
    let handler: HTTPHandler
    /// Connections that hold a descriptor, those being refused included.
    let openConnections = Atomic(0)
    /// Body bytes of requests that are not complete yet.
    let heldBodyBytes = Atomic(0)

    init(_ settings: HTTPServerSettings, _ handler: @escaping HTTPHandler) {
        self.settings = settings
        self.handler = handler
    }
}
