import Deploys
import Synchronization

/// What has to be known of the journal and the inbox to take a request, without a look at the disk.
final class InboxMemory: Sendable {
    let arrived = Signal()
    private let waiting = Atomic(0)
    private let unfinished = Atomic(0)
    private let lastID = Atomic<Int64>(0)
    /// By their keys.
    private let names = Mutex<[String: AppID]>([:])

    /// Requests that are on disk and no operations yet.
    var count: Int { waiting.load(ordering: .relaxed) }

    func add(_ count: Int) { waiting.add(count, ordering: .relaxed) }

    /// Unfinished operations, as they were counted last; others may have ended since.
    var unfinishedOperations: Int {
        get { unfinished.load(ordering: .relaxed) }
        set { unfinished.store(newValue, ordering: .relaxed) }
    }

    /// For the next row: no number comes twice while rows may be read and removed by it.
    func takeID() -> Int64 { lastID.add(1, ordering: .relaxed).newValue }

    /// At the start.
    func remember(waiting count: Int, lastID id: Int64) {
        waiting.store(count, ordering: .relaxed)
        lastID.store(id, ordering: .relaxed)
    }

    /// An app's name as it is registered; nil when it is not, as far as is known here.
    func name(of id: AppID) -> AppID? { names.withLock { [key = id.key] in $0[key] } }

    func register(_ ids: [AppID]) {
        names.withLock { names in
            for id in ids { names[id.key] = id }
        }
    }

    func deregister(_ id: AppID) { names.withLock { [key = id.key] in $0[key] = nil } }
}
