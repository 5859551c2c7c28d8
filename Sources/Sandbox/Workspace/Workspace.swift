import Crypto
import Foundation
import JSON
import SQLite

/// A chat workspace: people, channels, messages, modals and Home tabs, kept on disk, with a feed of its changes.
///
/// What lives in a client alone (modals, messages that one person sees, trigger ids) is gone when the program ends.
package actor Workspace {
    package enum Event: Sendable {
        /// A new message, or one that was edited; it names its channel.
        case message(ChatMessage)
        case deleted(channel: String, timestamp: String)
        /// A new message that one person sees, or another content of one.
        case ephemeral(ChatEphemeral)
        case ephemeralDeleted(ChatEphemeral)
        /// The view that lies on top of somebody's modals; nil when none is left.
        case modal(user: String, view: ChatView?)
        /// What stands in the fields of a modal cannot be taken: block ids and sentences.
        case modalErrors(user: String, viewID: String, errors: [String: String])
        case home(user: String, view: ChatView)
        /// Made, renamed, archived, brought back, joined or left.
        case channel(ChatChannel)
    }

    /// The page shows the newest ones.
    package static let maxShownMessages = 500
    static let maxPendingEvents = 1_000

    let database: Database
    let now: @Sendable () -> Date
    private let executor: BlockingExecutor
    private var lastMicroseconds: Int64
    private var listeners: [Int: AsyncStream<Event>.Continuation] = [:]
    private var nextListener = 0

    var ephemerals: [ChatEphemeral] = []
    /// By member, the lowest first.
    var modals: [String: [ChatView]] = [:]
    var triggers: [String: Trigger] = [:]
    var responseURLs: [String: ResponseURL] = [:]

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameter path: an SQLite file, made when it is missing; `:memory:` keeps nothing.
    package init(path: String, now: @escaping @Sendable () -> Date) throws {
        executor = BlockingExecutor(label: "demo.workspace")
        database = try Database(path: path)
        self.now = now
        try WorkspaceSchema.bringUp(database, at: now())
        lastMicroseconds = try database.run("SELECT max(ts) AS newest FROM messages").first?
            .optionalInteger("newest") ?? 0
    }

    /// The next free timestamp: no two things of the workspace have the same, and later ones are greater.
    func nextMicroseconds() -> Int64 {
        lastMicroseconds = max(lastMicroseconds + 1, Int64(now().timeIntervalSince1970 * 1_000_000))
        return lastMicroseconds
    }

    /// An id as Slack's look: a letter for the kind, then digits and capitals.
    nonisolated func freshID(_ prefix: String) -> String { prefix + hex(randomBytes(5)).uppercased() }

    /// What happens from now on.
    package func changes() -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream<Event>.makeStream(
            bufferingPolicy: .bufferingNewest(Self.maxPendingEvents))
        let listener = nextListener
        nextListener += 1
        listeners[listener] = continuation
        continuation.onTermination = { _ in Task { await self.forget(listener) } }
        return stream
    }

    private func forget(_ listener: Int) { listeners[listener] = nil }

    func announce(_ event: Event) {
        for listener in listeners.values { listener.yield(event) }
    }
}
