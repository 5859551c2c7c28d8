/// The times at which connections want to be looked at, earliest first.
///
/// A connection's deadline moves with every request, mostly away. So it is entered here only when it comes
/// nearer; who is called too early enters itself again. That keeps the queue about as long as there are
/// connections, and most requests never touch it.
struct DeadlineQueue {
    struct Entry {
        let nanoseconds: UInt64
        let id: ConnectionID
    }

    /// A binary heap.
    private var heap: [Entry] = []

    var next: UInt64? { heap.first?.nanoseconds }

    mutating func insert(_ nanoseconds: UInt64, _ id: ConnectionID) {
        heap.append(Entry(nanoseconds: nanoseconds, id: id))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].nanoseconds < heap[parent].nanoseconds else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The earliest entry at or before that time.
    mutating func pop(until nanoseconds: UInt64) -> Entry? {
        guard let first = heap.first, first.nanoseconds <= nanoseconds else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in 2 * parent + 1...2 * parent + 2
            where child < heap.count && heap[child].nanoseconds < heap[least].nanoseconds {
                least = child
            }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
