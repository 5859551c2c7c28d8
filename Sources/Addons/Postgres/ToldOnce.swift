import Synchronization

/// What the operator was told already, so that it is not said with every deploy.
final class ToldOnce: Sendable {
    private static let maxLines = 100
    private let lines = Mutex<Set<String>>([])

    func isNew(_ line: String) -> Bool {
        lines.withLock { $0.count < Self.maxLines && $0.insert(line).inserted }
    }
}
