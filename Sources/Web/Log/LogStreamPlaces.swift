import Synchronization

/// So many people may follow logs at once; each holds a connection and a piece of a log.
package final class LogStreamPlaces: Sendable {
    private let taken = Mutex(0)
    private let maxPlaces: Int

    package init(maxPlaces: Int) { self.maxPlaces = maxPlaces }

    /// Held until nobody holds what is returned; nil when all are taken.
    func take() -> LogStreamPlace? {
        let isFree = taken.withLock { taken in
            guard taken < maxPlaces else { return false }
            taken += 1
            return true
        }
        return isFree ? LogStreamPlace { [self] in taken.withLock { $0 -= 1 } } : nil
    }
}

final class LogStreamPlace: Sendable {
    private let giveBack: @Sendable () -> Void
    init(giveBack: @escaping @Sendable () -> Void) { self.giveBack = giveBack }
    deinit { giveBack() }
}
