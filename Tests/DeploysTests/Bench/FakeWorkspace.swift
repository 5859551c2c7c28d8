import Deploys
import Foundation
import Synchronization
import TestSupport

/// A chat workspace in memory that takes, refuses and loses as a test says.
final class FakeWorkspace: Messenger {
    struct Message: Sendable {
        let reference: MessageReference
        let id: NoticeID
        let thread: MessageReference?
        var words: String
    }

    enum Fault: Sendable {
        case before(MessengerError)
        /// The message is taken and the answer lost.
        case afterwards(MessengerError)
    }

    private struct Script {
        var faults: [Int: Fault] = [:]
        var refused: Set<String> = []
        var onCall: (@Sendable (_ call: Int, _ isTaken: Bool) -> Void)?
        var seconds = 0.0
        var lastTimestamp = 0
    }

    let messages = Watched<[Message]>([])
    /// Posts and edits that were tried.
    let calls = Watched(0)
    private let script = Mutex(Script())

    /// Each look at the clock finds it two minutes later, so that no wait lasts.
    var now: Date {
        script.withLock { script in
            script.seconds += 120
            return Bench.noon.addingTimeInterval(script.seconds)
        }
    }
    func fail(at call: Int, _ fault: Fault) { script.withLock { $0.faults[call] = fault } }
    func fail(_ faults: Fault...) { for (index, fault) in faults.enumerated() { fail(at: index + 1, fault) } }
    func refuse(channel: String) { script.withLock { _ = $0.refused.insert(channel) } }
    func onCall(_ body: (@Sendable (_ call: Int, _ isTaken: Bool) -> Void)?) { script.withLock { $0.onCall = body } }

    func post(
        _ draft: NoticeDraft, id: NoticeID, channel: String, thread: MessageReference?
    ) async throws(MessengerError) -> MessageReference? {
        let fault = try begin(channel)
        if let thread, !messages.value.contains(where: { $0.reference == thread }) { throw .messageGone }
        let number = script.withLock { script in
            script.lastTimestamp += 1
            return script.lastTimestamp
        }
        let reference = MessageReference(channel: channel, timestamp: "\(number)")
        messages.change {
            $0.append(Message(reference: reference, id: id, thread: thread, words: Self.words(draft, thread)))
        }
        try end(fault)
        return reference
    }

    func edit(_ message: MessageReference, to draft: NoticeDraft, id: NoticeID) async throws(MessengerError) {
        let fault = try begin(message.channel)
        guard messages.value.contains(where: { $0.reference == message }) else { throw .messageGone }
        messages.change { messages in
            for index in messages.indices where messages[index].reference == message {
                messages[index].words = Self.words(draft, nil)
            }
        }
        try end(fault)
    }

    func find(
        _ draft: NoticeDraft, id: NoticeID, channel: String, thread: MessageReference?, since: Date
    ) async throws(MessengerError) -> MessageReference? {
        messages.value.first { $0.id == id && $0.thread == thread }?.reference
    }

    private func begin(_ channel: String) throws(MessengerError) -> Fault? {
        calls.change { $0 += 1 }
        let call = calls.value
        let (isRefused, fault, onCall) = script.withLock { script in
            (script.refused.contains(channel), script.faults[call], script.onCall)
        }
        onCall?(call, false)
        if isRefused { throw .refused(.channel, reason: "not_in_channel") }
        if case .before(let error) = fault { throw error }
        return fault
    }

    private func end(_ fault: Fault?) throws(MessengerError) {
        script.withLock { $0.onCall }?(calls.value, true)
        if case .afterwards(let error) = fault { throw error }
    }

    private static func words(_ draft: NoticeDraft, _ thread: MessageReference?) -> String {
        let mark = thread == nil ? "" : "↳ "
        switch draft {
        case .live: return mark + "live"
        case .detail(let title, _): return mark + title
        case .announcement: return mark + "announcement"
        case .file(_, let name, _): return mark + name
        }
    }
}

/// The outbox of a process that dies: from then on nothing more reaches the disk.
struct DyingOutbox: Outbox {
    let outbox: any Outbox
    let isDead: Watched<Bool>

    private func live() throws(JournalError) {
        if isDead.value { throw .unavailable("dead") }
    }

    func channelsWithPosts() async throws(JournalError) -> [String] { try await outbox.channelsWithPosts() }
    func park(unreadable notice: UnreadableNotice) async throws(JournalError) {
        try live()
        try await outbox.park(unreadable: notice)
    }
    func nextPost(in channel: String, at now: Date) async throws(JournalError) -> NextNotice {
        try live()
        return try await outbox.nextPost(in: channel, at: now)
    }
    func nextEdit(at now: Date) async throws(JournalError) -> NextNotice {
        try live()
        return try await outbox.nextEdit(at: now)
    }
    func begin(_ notice: Notice, at now: Date) async throws(JournalError) -> Bool {
        try live()
        return try await outbox.begin(notice, at: now)
    }
    func delivered(_ notice: Notice, as message: MessageReference?) async throws(JournalError) {
        try live()
        try await outbox.delivered(notice, as: message)
    }
    func found(_ notice: Notice, as message: MessageReference) async throws(JournalError) {
        try live()
        try await outbox.found(notice, as: message)
    }
    func postpone(
        _ notice: Notice, _ obstacle: Obstacle, mayHaveArrived: Bool, at now: Date
    ) async throws(JournalError) {
        try live()
        try await outbox.postpone(notice, obstacle, mayHaveArrived: mayHaveArrived, at: now)
    }
    func park(_ notice: Notice, reason: String) async throws(JournalError) {
        try live()
        try await outbox.park(notice, reason: reason)
    }
    func forgetLiveMessage(of notice: Notice) async throws(JournalError) -> Bool {
        try live()
        return try await outbox.forgetLiveMessage(of: notice)
    }
    func retryRefused() async throws(JournalError) {
        try live()
        try await outbox.retryRefused()
    }
    func refuse(channel: String, reason: String) async throws(JournalError) {
        try live()
        try await outbox.refuse(channel: channel, reason: reason)
    }
    func mend(channel: String) async throws(JournalError) {
        try live()
        try await outbox.mend(channel: channel)
    }
}
