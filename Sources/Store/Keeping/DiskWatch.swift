import Deploys
import Dispatch
import Foundation
import Synchronization

/// Looks every second how much is left on the disk that holds the state directory, and whether it answers, and tells
/// who takes new work.
///
/// What runs already, messages and pages go on below the reserve: that is what it is for.
package final class DiskWatch: Sendable {
    static let pause = Duration.seconds(1)
    /// Of the reserve, so much more must be free before work is taken again, so that it does not flutter.
    static let marginDivisor = 10
    /// A disk may take its time to answer.
    private static let queue = DispatchQueue(label: "iterapp.disk-watch")

    private let directory: String
    private let reserveBytes: Int
    private let room: DiskRoom
    private let log: Log
    private let onRoom: @Sendable () -> Void
    private let freeBytes: @Sendable (String) -> Int?
    private let isStalled: @Sendable () -> Bool
    private let figuresNow: Mutex<StateFigures>

    /// - Parameters:
    ///   - directory: the state directory.
    ///   - reserveBytes: 0 takes work until the disk is full.
    ///   - room: is told.
    ///   - onRoom: called when there is room again.
    ///   - isStalled: whether what is written does not end.
    package init(
        directory: String, reserveBytes: Int, room: DiskRoom, log: Log, onRoom: @escaping @Sendable () -> Void,
        freeBytes: (@Sendable (String) -> Int?)? = nil, isStalled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.directory = directory
        self.reserveBytes = reserveBytes
        self.room = room
        self.log = log
        self.onRoom = onRoom
        self.freeBytes = freeBytes ?? { DiskFile.freeBytes(at: $0) }
        self.isStalled = isStalled
        figuresNow = Mutex(StateFigures())
    }

    /// As of the last look.
    package var figures: StateFigures { figuresNow.withLock { $0 } }

    /// Works until the task is cancelled.
    package func run() async {
        while !Task.isCancelled {
            await look()
            try? await Task.sleep(for: Self.pause)
        }
    }

    package func look() async {
        lookWhetherItAnswers()
        var figures = await LogDisk.on(Self.queue) { [self] in measured() }
        figuresNow.withLock { known in
            figures.isStalled = known.isStalled
            known = figures
        }
        guard let free = figures.free, reserveBytes > 0 else { return }
        if room.isThere, free < reserveBytes {
            room.set(false)
            log.error(
                "the disk of \(directory) has \(free >> 20) MiB left, less than the reserve of \(reserveBytes >> 20): "
                    + "no new work is taken until there is space again; what was taken before waits, what runs goes on")
        } else if !room.isThere, free >= reserveBytes + reserveBytes / Self.marginDivisor {
            room.set(true)
            log.info("the disk of \(directory) has \(free >> 20) MiB left: new work is taken again")
            onRoom()
        }
    }

    /// Before anything else is asked of it.
    private func lookWhetherItAnswers() {
        let isStalled = isStalled()
        let wasStalled = figuresNow.withLock { figures in
            defer { figures.isStalled = isStalled }
            return figures.isStalled
        }
        guard isStalled != wasStalled else { return }
        if isStalled {
            log.error("the disk of \(directory) does not answer: what is asked for is refused until it does")
        } else {
            log.info("the disk of \(directory) answers again")
        }
    }

    private func measured() -> StateFigures {
        let journal = StateDirectory.database(in: directory)
        let inbox = InboxFile(directory: directory)
        var figures = StateFigures()
        figures.free = freeBytes(directory)
        figures.reserve = reserveBytes
        figures.journal = inbox.bytes + (DiskFile.bytes(journal) ?? 0)
        figures.writeAheadLog = inbox.logBytes + (DiskFile.bytes(journal + "-wal") ?? 0)
        return figures
    }
}
