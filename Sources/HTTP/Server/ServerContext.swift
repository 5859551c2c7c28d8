import Foundation
import Synchronization

/// What all event loops of one server share.
final class ServerContext: Sendable {
    let settings: HTTPServerSettings
    let handler: HTTPHandler
    let quickHandler: HTTPQuickHandler?
    let watchfulNanoseconds: UInt64
    /// How many connections there is room for.
    let room: ConnectionRoom
    /// Takes the next connection from a listening socket.
    let accept: @Sendable (Int32) -> ListeningSocket.Accepted
    /// Connections that hold a descriptor, those being refused included.
    let openConnections = Atomic(0)
    /// Body bytes of requests that are coming, or being answered.
    let heldBodyBytes = Atomic(0)

    init(
        _ settings: HTTPServerSettings, _ handler: @escaping HTTPHandler, quick quickHandler: HTTPQuickHandler?,
        accept: @escaping @Sendable (Int32) -> ListeningSocket.Accepted
    ) {
        self.settings = settings
        self.handler = handler
        self.quickHandler = quickHandler
        self.accept = accept
        // Where every processor may be needed for what is waited for, looking out for it would hold it up.
        let hasSpareProcessor = ProcessInfo.processInfo.activeProcessorCount > settings.eventLoopThreads
        watchfulNanoseconds = hasSpareProcessor ? UInt64(settings.watchfulMicroseconds) * 1_000 : 0
        room = ConnectionRoom(settings, descriptors: ConnectionRoom.descriptorLimit)
    }
}
