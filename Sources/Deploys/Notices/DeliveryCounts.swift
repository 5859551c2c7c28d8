import Synchronization

/// What a courier did so far.
package final class DeliveryCounts: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case post, edit, reply, announcement, file }

    package enum Failure: Hashable, Sendable {
        case limited, outage, gone, unacceptable
        case refused(MessengerError.Refusal)

        package static let all: [Failure] = [
            .limited, .outage, .gone, .unacceptable, .refused(.channel), .refused(.files), .refused(.workspace),
        ]

        package var name: String {
            switch self {
            case .limited: "limited"
            case .outage: "outage"
            case .gone: "gone"
            case .unacceptable: "unacceptable"
            case .refused(let refusal): "refused_\(refusal.rawValue)"
            }
        }
    }

    package struct Figures: Sendable, Equatable {
        package var delivered: [Kind: Int] = [:]
        package var failed: [Kind: [Failure: Int]] = [:]
        package init() {}
    }

    private let figures = Mutex(Figures())

    package init() {}

    package var current: Figures { figures.withLock { $0 } }

    func delivered(_ notice: Notice) { figures.withLock { $0.delivered[notice.countedKind, default: 0] += 1 } }

    func failed(_ notice: Notice, _ failure: Failure) {
        figures.withLock { $0.failed[notice.countedKind, default: [:]][failure, default: 0] += 1 }
    }
}

extension Notice {
    fileprivate var countedKind: DeliveryCounts.Kind {
        switch draft {
        case .live: isEdit ? .edit : .post
        case .detail: .reply
        case .announcement: .announcement
        case .file: .file
        }
    }
}
