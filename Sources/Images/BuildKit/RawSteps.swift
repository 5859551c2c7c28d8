import Deploys

/// The steps of a build on BuildKit, numbered in the order in which they begin.
struct RawSteps {
    private var steps: [String: RawStep] = [:]
    /// Which step a vertex belongs to, when that is a group.
    private var groups: [String: String] = [:]
    private(set) var nextNumber: Int
    /// Steps that ended so quickly that they may begin again at once.
    private var looks: [String] = []
    /// When each part of a step was last told.
    private var parts: [String: Double] = [:]
    /// Instructions of the Dockerfile, and those that are behind the build.
    private var instructions: Set<String> = []
    private var endedInstructions: Set<String> = []

    private static let maxParts = 4_000
    /// A part that takes long is told again after it.
    private static let partSeconds = 5.0

    init(firstNumber: Int) { nextNumber = firstNumber }

    /// BuildKit tells all that it is going to do before it does it.
    var count: StepCount? {
        instructions.isEmpty ? nil : StepCount(done: endedInstructions.count, total: instructions.count)
    }

    mutating func take(_ status: RawStatus, _ record: inout BuildRecord, _ tell: (String) -> Void) {
        endLooks(except: Set(status.vertexes.filter { $0.started != nil }.map { key($0) }), &record, tell)
        var touched: [String] = []
        for vertex in status.vertexes {
            guard let key = take(vertex, &record, tell) else { continue }
            if !touched.contains(key) { touched.append(key) }
        }
        for part in status.parts { take(part, &record, tell) }
        for log in status.logs { take(log, &record, tell) }
        for warning in status.warnings {
            let number = steps[groups[warning.vertex] ?? warning.vertex]?.number
            tell((number.map { "#\($0) " } ?? "") + "WARN: " + RawStep.line(warning.text))
        }
        for key in touched { endIfOver(key, &record, tell) }
    }

    private func key(_ vertex: RawStatus.Vertex) -> String { vertex.group.map { "group " + $0.id } ?? vertex.digest }

    /// - Returns: the step's key; nil for one too many.
    private mutating func take(
        _ vertex: RawStatus.Vertex, _ record: inout BuildRecord, _ tell: (String) -> Void
    ) -> String? {
        let key = key(vertex)
        guard steps[key] != nil || steps.count < BuildRecord.maxSteps else { return nil }
        if vertex.group != nil { groups[vertex.digest] = key }
        let name = vertex.group.map(\.name) ?? vertex.name
        var step = steps[key] ?? RawStep(name: RawStep.line(name))
        steps[key] = nil
        _ = step.take(vertex)
        steps[key] = step
        if StepName(step.name).position != nil { instructions.insert(key) }
        if step.isVisible { begin(key, &record, tell) }
        return key
    }

    private mutating func begin(_ key: String, _ record: inout BuildRecord, _ tell: (String) -> Void) {
        guard let step = steps[key], step.number == nil else { return }
        steps[key]?.number = nextNumber
        record.begin(nextNumber, step.name)
        tell("#\(nextNumber) \(step.name)")
        nextNumber += 1
    }

    private mutating func take(_ part: RawStatus.Part, _ record: inout BuildRecord, _ tell: (String) -> Void) {
        let key = groups[part.vertex] ?? part.vertex
        guard let number = steps[key]?.number else { return }
        let partKey = "\(number) \(part.id)"
        let last = parts[partKey] ?? part.started ?? part.timestamp
        guard last < .infinity, part.completed != nil || part.timestamp - last >= Self.partSeconds,
            parts[partKey] != nil || parts.count < Self.maxParts
        else { return }
        parts[partKey] = part.completed == nil ? part.timestamp : .infinity
        tell("#\(number) \(RawStep.line(part.id))\(Self.amount(part))")
    }

    /// ` 1.98MB / 4.00MB 0.1s done`
    private static func amount(_ part: RawStatus.Part) -> String {
        var text = ""
        if part.total > 0 {
            text += " \(Decimals.bytes(part.current)) / \(Decimals.bytes(part.total))"
        } else if part.current > 0 {
            text += " \(Decimals.bytes(part.current))"
        }
        let seconds = (part.completed ?? part.timestamp) - (part.started ?? part.timestamp)
        if seconds > 0.01 { text += " \(Decimals.text(seconds, digits: 1))s" }
        return part.completed == nil ? text : text + " done"
    }

    private mutating func take(_ log: RawStatus.Log, _ record: inout BuildRecord, _ tell: (String) -> Void) {
        let key = groups[log.vertex] ?? log.vertex
        // Moved out and back, so that the lines it keeps are not copied.
        guard var step = steps.removeValue(forKey: key) else { return }
        if step.number == nil {
            steps[key] = step
            begin(key, &record, tell)
            step.number = steps.removeValue(forKey: key)?.number
        }
        let number = step.number ?? 0
        let clock = step.clock(log.timestamp)
        step.take(log) { line in
            record.keep(TerminalText.clean(line), of: number)
            tell("#\(number) \(clock) \(TerminalText.coloured(line))")
        }
        steps[key] = step
    }

    // MARK: ends

    private mutating func endIfOver(_ key: String, _ record: inout BuildRecord, _ tell: (String) -> Void) {
        guard let step = steps[key], step.number != nil, step.isEnded, !step.isToldEnd else { return }
        if step.mayGoOn {
            if !looks.contains(key) { looks.append(key) }
        } else {
            end(key, &record, tell)
        }
    }

    /// Tells the ends that were held back, unless the step is `except`.
    mutating func endLooks(except: Set<String>, _ record: inout BuildRecord, _ tell: (String) -> Void) {
        guard !looks.isEmpty else { return }
        let over = looks.filter { !except.contains($0) }
        looks = []
        for key in over { end(key, &record, tell) }
    }

    private mutating func end(_ key: String, _ record: inout BuildRecord, _ tell: (String) -> Void) {
        guard var step = steps[key], let number = step.number, !step.isToldEnd else { return }
        let clock = step.clock(step.lastLog ?? 0)
        step.finishLines { line in
            record.keep(TerminalText.clean(line), of: number)
            tell("#\(number) \(clock) \(TerminalText.coloured(line))")
        }
        step.isToldEnd = true
        steps[key] = step
        if let error = step.error, StepName(step.name).isCache, !BuildRecord.isBrokenOff(error) {
            // There is none at the first build, and none that can be reached is no reason to fail.
            tell("#\(number) WARN: the build goes on without that cache: \(RawStep.line(error))")
            tell("#\(number) DONE")
            return
        }
        if let error = step.error { record.fail(number, error) }
        if instructions.contains(key), step.error == nil { endedInstructions.insert(key) }
        tell("#\(number) \(step.ending)")
    }

    mutating func finish(succeeded: Bool, _ record: inout BuildRecord, _ tell: (String) -> Void) {
        endLooks(except: [], &record, tell)
        if succeeded { endedInstructions = instructions }
    }
}
