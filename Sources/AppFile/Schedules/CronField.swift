import TOML

/// One of the five kinds of times in a schedule.
enum CronField: CaseIterable {
    case minute, hour, day, month, weekday

    /// Sunday is 0, and 7 too.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .day: 1...31
        case .month: 1...12
        case .weekday: 0...7
        }
    }

    var title: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .day: "day of the month"
        case .month: "month"
        case .weekday: "day of the week"
        }
    }

    /// What its values count anew in.
    var container: String {
        switch self {
        case .minute: "hour"
        case .hour: "day"
        case .day: "month"
        case .month: "year"
        case .weekday: "week"
        }
    }

    /// In order, the first one for the range's lower bound.
    var names: [String] {
        switch self {
        case .minute, .hour, .day: []
        case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
        case .weekday: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
        }
    }

    /// Reads a list such as `1-5,*/10`.
    func times(in text: Substring) throws(CronError) -> CronTimes {
        var times = CronTimes()
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard !item.isEmpty else {
                throw CronError("a value is missing beside a comma in the \(title) \(text.quoted)")
            }
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { throw CronError("\(item.quoted) of the \(title) has more than one step") }
            let step = try step(parts, of: item)
            let isEvery = parts[0] == "*" || parts[0] == "?"
            let values = isEvery ? every : try values(parts[0], hasStep: parts.count == 2)
            if isEvery, step == 1 { times.areAll = true }
            if step > every.count - 1 { times.longStep = step }
            for value in stride(from: values.lowerBound, through: values.upperBound, by: step) {
                times.insert(self == .weekday ? value % 7 : value)
            }
            if self == .weekday, values.upperBound == 7 { times.hasSeven = true }
        }
        return times
    }

    private var every: ClosedRange<Int> { self == .weekday ? 0...6 : range }

    private func step(_ parts: [Substring], of item: Substring) throws(CronError) -> Int {
        guard parts.count == 2 else { return 1 }
        guard let step = whole(parts[1]), step > 0 else {
            throw CronError("the step in \(item.quoted) of the \(title) must be a whole number from 1")
        }
        return step
    }

    /// `5`, `1-5` or, in front of a step, `5` for everything from there on.
    private func values(_ text: Substring, hasStep: Bool) throws(CronError) -> ClosedRange<Int> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2 else { throw CronError("\(text.quoted) is no range of the \(title)") }
        let first = try value(ends[0])
        guard ends.count == 2 else { return first...(hasStep ? max(first, every.upperBound) : first) }
        var last = try value(ends[1])
        // A week may be written to end with its Sunday.
        if self == .weekday, last == 0, first > 0 { last = 7 }
        guard first <= last else {
            throw CronError(
                "\(text.quoted) of the \(title) runs backwards; write \(ends[0])-\(every.upperBound),"
                    + "\(every.lowerBound)-\(ends[1])")
        }
        return first...last
    }

    private func value(_ text: Substring) throws(CronError) -> Int {
        if let number = whole(text), range.contains(number) { return number }
        if let index = names.firstIndex(of: text.uppercased()) { return range.lowerBound + index }
        throw CronError("\(text.quoted) is no \(title); it is a whole number from \(range.lowerBound) to "
            + "\(range.upperBound)" + (names.isEmpty ? "" : ", or a name such as \(names[1])"))
    }

    private func whole(_ text: Substring) -> Int? {
        let isNumber = (1...3).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber ? Int(text) : nil
    }
}

/// The values of one field.
struct CronTimes: Sendable, Equatable {
    private var bits: UInt64 = 0
    /// Written as `*`: says nothing rather than naming all values.
    var areAll = false
    /// Whether a 7 for Sunday occurs, which Kubernetes does not know.
    var hasSeven = false

    /// A step that repeats nothing.
    var longStep: Int?

    mutating func insert(_ value: Int) { bits |= 1 << UInt64(value) }

    func contains(_ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }

    var values: [Int] { (0..<64).filter(contains) }
}

/// Why a text is no schedule, as a sentence without its end.
struct CronError: Error, Equatable {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}

extension Substring {
    /// As a part of a sentence.
    var quoted: String { "`\(TOMLText.plain(String(self)))`" }
}
