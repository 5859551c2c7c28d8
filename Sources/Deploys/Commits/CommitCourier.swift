import Foundation

/// Tells commits' pages what became of commits. It says how things stand when it gets there, and not what happened on
/// the way. Nothing that happens here changes what becomes of a deploy.
package struct CommitCourier: Sendable {
    let book: any CommitBook
    let board: any CommitBoard
    let logs: any BuildLogReader
    let mask: @Sendable (String) -> String
    let wake: Signal
    let now: @Sendable () -> Date
    let speed: Double
    let lanes: CommitLanes
    /// What was told and what failed, since this courier began.
    package let counts = CommitCounts()
    private let signals: Signals
    private let log: Log

    /// - Parameter speed: how many seconds of `now` pass in one: tests have hours pass in seconds.
    package init(
        book: any CommitBook, board: any CommitBoard, logs: any BuildLogReader,
        mask: @escaping @Sendable (String) -> String, signals: Signals,
        now: @escaping @Sendable () -> Date, speed: Double = 1, log: Log
    ) {
        self.book = book
        self.board = board
        self.logs = logs
        self.mask = mask
        self.signals = signals
        self.now = now
        self.speed = speed
        self.log = log
        wake = Signal()
        lanes = CommitLanes(log: log)
    }

    /// Lanes that are served side by side. Few, so that what a lane has read is told soon: the board has a pace.
    static let maxParallelLanes = 4
    /// How many lanes with something to tell are looked at: many may wait for something.
    static let maxLanes = 1_000
    /// What happens within so short a time is told at once.
    static let gathering = Duration.milliseconds(500)
    /// The longest wait when nobody wakes the courier: a safety net.
    static let maxIdleSeconds = 30.0
    /// How long a journal that refuses is left alone.
    static let journalPause = Duration.seconds(1)
    /// What could not be told for so long is not told any more.
    package static let maxAgeSeconds: TimeInterval = 7 * 24 * 3_600
    static let ageCheckSeconds = 3_600.0

    /// Works until the task is cancelled; what is being told then is finished first.
    package func run() async {
        await tryAgain()
        let watch = signals.notices.forward(to: wake)
        await withDiscardingTaskGroup { group in
            group.addTask { await giveUpOld() }
            while !Task.isCancelled {
                do throws(JournalError) {
                    let behind = try await book.commitLanes(atMost: Self.maxLanes)
                    await lanes.forgetOthers(than: behind)
                    for lane in behind {
                        guard await lanes.take(lane, at: now(), most: Self.maxParallelLanes) else { continue }
                        group.addTask {
                            await serve(lane)
                            await lanes.leave(lane)
                            wake.fire()
                        }
                    }
                } catch {
                    await rest(error)
                }
                await watch.signal.wait(atMost: .seconds(await pause()))
                try? await Task.sleep(for: Self.gathering / speed)
            }
        }
    }

    /// Whoever starts the service, or sends it a signal, may have mended what was in the way.
    package func tryAgain() async {
        await lanes.clear()
        do throws(JournalError) { try await book.retryRefusedCommits() } catch { await rest(error) }
        wake.fire()
    }

    /// What is in the way at the moment, a sentence each.
    package func obstacles() async -> [String] { await lanes.reasons }

    private func giveUpOld() async {
        while !Task.isCancelled {
            let date = now().addingTimeInterval(-Self.maxAgeSeconds)
            do throws(JournalError) { try await book.giveUpCommits(before: date) } catch { await rest(error) }
            try? await Task.sleep(for: .seconds(Self.ageCheckSeconds / speed))
        }
    }

    private func pause() async -> Double {
        guard let next = await lanes.nextOpening(after: now()) else { return Self.maxIdleSeconds }
        return min(max(0.01, next.timeIntervalSince(now()) / speed), Self.maxIdleSeconds)
    }

    /// Until there is nothing more to tell, or something is in the way.
    private func serve(_ lane: CommitLane) async {
        while !Task.isCancelled {
            do {
                guard let news = try await book.nextCommitNews(in: lane) else { return }
                guard try await deliver(news, in: lane) else { return }
            } catch is CancellationError {
                return
            } catch {
                await rest(error)
            }
        }
    }

    private func rest(_ error: any Error) async {
        log.error("what commits' pages are told can't be looked up or written down: \(error)")
        try? await Task.sleep(for: Self.journalPause)
    }

    /// In a task of its own: a stop lets what is under way be finished and recorded.
    /// - Returns: whether the lane goes on at once.
    private func deliver(_ news: CommitNews, in lane: CommitLane) async throws -> Bool {
        try await Task {
            do {
                try await tell(news)
                counts.told(news.kind)
                await lanes.recovered(lane)
                return true
            } catch let error as CommitBoardError {
                return try await setBack(news, error, in: lane)
            }
        }.value
    }

    private func setBack(_ news: CommitNews, _ error: CommitBoardError, in lane: CommitLane) async throws -> Bool {
        counts.failed(news.kind, error)
        switch error {
        case .unacceptable(let reason):
            try await book.putAside(news, reason: reason)
            log.warning(
                "the \(news.kind.rawValue) of operation \(news.target.operation) was put aside until there is news "
                    + "of it, or the next start: \(reason)")
            return true
        // It was made anew, and was gone again.
        case .gone: try await book.putAside(news, reason: "it disappears as soon as it is made")
        case .limited(let date): await lanes.close(lane, until: date)
        case .outage(let reason): await lanes.close(lane, after: reason, isRefusal: false, at: now())
        case .refused(let reason): await lanes.close(lane, after: reason, isRefusal: true, at: now())
        case .cancelled: throw CancellationError()
        }
        return false
    }
}
