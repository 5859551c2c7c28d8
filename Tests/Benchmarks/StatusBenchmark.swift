import Deploys
import Foundation
import Store
import TestSupport

/// How long people wait for `apps`, `status` and their Home tab, with 1,000 apps in two environments and 100,000
/// operations behind them, while others write. The target: under 100 ms.
struct StatusBenchmark {
    private static let rounds = 300
    private static let writers = 8
    private static let naming = Naming(
        defaultOrganisation: "iterate",
        domains: .init(prod: "{app}.app.iterate.no", test: "{app}.test.iterate.no", snap: "{env}.{app}.iterate.no"),
        externalDomains: .init(prod: "{app}.iterapp.no", test: "{app}.test.iterapp.no", snap: "{env}.{app}.iterapp.no"))

    /// Everything is known of every environment.
    private struct Health: EnvironmentHealth {
        func health(of namespaces: [String]) -> [String: NamespaceHealth] {
            let health = NamespaceHealth(pods: ReadyPods(ready: 2, wanted: 2), certificate: .inOrder)
            return Dictionary(namespaces.map { ($0, health) }) { first, _ in first }
        }
    }

    func run() async throws {
        try await withTemporaryDirectory { directory in
            let empty = try await SQLiteJournal.open(directory)
            await empty.close()
            let history = LongHistory(until: .now)
            try history.write(into: directory)
            print("\(history.apps) apps in \(history.environments.count) environments, \(history.operations) operations, "
                + "\(Self.writers) writers")
            let journal = try await SQLiteJournal.open(directory)
            let desk = CommandDesk(
                Intake(
                    journal: journal, naming: Self.naming, channels: ChannelPolicy(logChannel: "#log", commandChannels: []),
                    signals: Signals(), now: { .now }),
                InfoDesk(journal: journal, health: Health(), naming: Self.naming, logChannel: "#log", now: { .now }))
            let writing = Task { await Self.write(to: desk) }
            try await measure(desk, journal)
            writing.cancel()
            let written = await writing.value
            print("\(written) operations were accepted meanwhile\n")
            await journal.close()
        }
    }

    private func measure(_ desk: CommandDesk, _ journal: SQLiteJournal) async throws {
        let home = InfoDesk(journal: journal, health: Health(), naming: Self.naming, logChannel: "#log", now: { .now })
        let questions: [(name: String, ask: @Sendable (_ round: Int, Sender) async throws -> Bool)] = [
            ("apps", { await desk.answer("apps", from: $1).page != nil }),
            ("status", { await desk.answer("status", from: $1).page != nil }),
            ("status <app>", { round, sender in
                await desk.answer("status \(LongHistory.app(round))", from: sender).page != nil
            }),
            ("help", { await desk.answer("help", from: $1).page != nil }),
            ("home", { try await home.home(for: $1.person).own.isEmpty == false }),
        ]
        for question in questions {
            var figures = Figures()
            for round in 0..<Self.rounds {
                let start = ContinuousClock.now
                guard try await question.ask(round, Self.sender(round)) else {
                    throw TestFailure("no answer to \(question.name)")
                }
                figures.add(ContinuousClock.now - start)
            }
            print(figures.line(question.name))
            print(String(format: "%.2f of the 100 ms that it may take", figures.percentile(99) / 0.1))
        }
    }

    private static func sender(_ number: Int) -> Sender {
        Sender(
            person: Person(id: "U\(number % 200)", name: "kari"), place: .channel(id: "C1", name: "log"),
            deduplicationKey: nil)
    }

    /// Accepts commands one after another until it is cancelled.
    /// - Returns: how many.
    private static func write(to desk: CommandDesk) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            for writer in 0..<writers {
                group.addTask {
                    var count = 0
                    while !Task.isCancelled {
                        let app = LongHistory.app((count * writers + writer) % 1_000)
                        let answer = await desk.answer("build \(app) main", from: sender(count))
                        if answer.outcome != .accepted { break }
                        count += 1
                        // As fast as people and pushes may be together, and no faster.
                        try? await Task.sleep(for: .milliseconds(20))
                    }
                    return count
                }
            }
            return await group.reduce(0, +)
        }
    }
}
