import Synchronization

/// Databases that were made, until a deploy that went well has told people of them.
final class News: Sendable {
    private static let maxMarks = 10_000
    private let marks = Mutex<[String: PostgresMark]>([:])

    func add(_ mark: PostgresMark) {
        marks.withLock { if $0.count < Self.maxMarks { $0[mark.subject] = mark } }
    }

    /// - Returns: nil when there is nothing new about it.
    func remove(_ name: PostgresName) -> PostgresMark? {
        marks.withLock { $0.removeValue(forKey: PostgresMark.subject(of: name)) }
    }
}
