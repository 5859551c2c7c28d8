import Foundation

/// What is measured beside others, and what it did in each round.
struct Contender: Sendable {
    /// One round's figures.
    struct Round: Sendable {
        /// At 64 connections, and at one.
        let many, one: LoadFigures
        /// After the load, in bytes.
        let memory: Int
    }

    let name: String
    /// Whether requests may come again, for a server that does not look at them.
    var repeats = false
    /// How long it is measured at 64 connections; half as long at one.
    var seconds = 2.0
    let start: @Sendable () async throws -> IntakeServer
    private(set) var rounds: [Round] = []

    init(_ name: String, start: @escaping @Sendable () async throws -> IntakeServer) {
        self.name = name
        self.start = start
    }

    var many: LoadFigures { .median(rounds.map(\.many)) }
    var one: LoadFigures { .median(rounds.map(\.one)) }
    var memory: Double { rounds.map { Double($0.memory) }.median }

    /// In a process of its own, with an empty database.
    mutating func measure() async throws {
        var meter = IntakeMeter(try await start())
        meter.repeats = repeats
        let many = try await meter.measure(connections: IntakeBenchmark.connections, seconds: seconds)
        let memory = meter.server.memory()
        let one = try await meter.measure(connections: 1, seconds: seconds / 2)
        rounds.append(Round(many: many, one: one, memory: memory))
        try await meter.server.stop(acknowledged: meter.acknowledged)
    }
}

/// The contenders' figures, medians of their rounds.
enum IntakeTable {
    private static let nameWidth = 40

    static func print(_ contenders: [Contender]) {
        let columns = "   req/s    p50 ms    p99 ms    CPU µs"
        line("", "  \(IntakeBenchmark.connections) connections".padded(to: columns.count) + " |  1 connection")
        line("", "\(columns) |\(columns) |  memory MiB")
        for contender in contenders {
            line(
                contender.name,
                "\(figures(contender.many)) |\(figures(contender.one)) |\(number(contender.memory / 1_048_576, 10, 1))")
        }
    }

    private static func line(_ name: String, _ rest: String) {
        Swift.print(name.padded(to: nameWidth) + rest)
    }

    private static func figures(_ figures: LoadFigures) -> String {
        number(figures.perSecond, 8, 0) + number(figures.p50Milliseconds, 10, 3) + number(figures.p99Milliseconds, 10, 3)
            + number(figures.processorMicroseconds, 10, 1)
    }

    private static func number(_ value: Double, _ width: Int, _ digits: Int) -> String {
        String(format: "%\(width).\(digits)f", value)
    }
}

extension String {
    func padded(to width: Int) -> String { padding(toLength: max(width, count), withPad: " ", startingAt: 0) }
}
