import Synchronization

/// What a courier of commits did so far.
package final class CommitCounts: Sendable {
    package enum Failure: String, Sendable, CaseIterable { case limited, outage, refused, unacceptable, gone }

    package struct Figures: Sendable, Equatable {
        package var told: [CommitPart.Kind: Int] = [:]
        package var failed: [CommitPart.Kind: [Failure: Int]] = [:]
        package init() {}
    }

    private let figures = Mutex(Figures())

    package init() {}

    package var current: Figures { figures.withLock { $0 } }

    func told(_ kind: CommitPart.Kind) { figures.withLock { $0.told[kind, default: 0] += 1 } }

    func failed(_ kind: CommitPart.Kind, _ error: CommitBoardError) {
        let failure: Failure
        switch error {
        case .limited: failure = .limited
        case .outage: failure = .outage
        case .refused: failure = .refused
        case .unacceptable: failure = .unacceptable
        case .gone: failure = .gone
        case .cancelled: return
        }
        figures.withLock { $0.failed[kind, default: [:]][failure, default: 0] += 1 }
    }
}
