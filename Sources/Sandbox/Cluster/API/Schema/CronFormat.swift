/// A CronJob's schedule as the API server reads it: five fields or a descriptor, in the words of the parser
/// that it uses (https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format). Sunday is 0 only.
enum CronFormat {
    private struct Field {
        let range: ClosedRange<Int>
        var names: [String: Int] = [:]
    }

    private static let fields = [
        Field(range: 0...59), Field(range: 0...23), Field(range: 1...31),
        Field(range: 1...12, names: names("jan feb mar apr may jun jul aug sep oct nov dec", from: 1)),
        Field(range: 0...6, names: names("sun mon tue wed thu fri sat", from: 0)),
    ]
    private static let descriptors = [
        "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly",
    ]

    private static func names(_ list: String, from first: Int) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: list.split(separator: " ").enumerated().map {
                (String($0.element), $0.offset + first)
            })
    }

    static func problems(_ text: String) -> [String] {
        // It is read before anything else, by a parser that knows both.
        if text.contains("TZ") { return ["cannot use TZ or CRON_TZ in schedule, use timeZone field instead"] }
        if text.hasPrefix("@every ") {
            let duration = String(text.dropFirst("@every ".count))
            return duration.isGoDuration
                ? [] : ["failed to parse duration \(text): time: invalid duration \"\(duration)\""]
        }
        if text.hasPrefix("@") {
            return descriptors.contains(text) ? [] : ["unrecognized descriptor: \(text)"]
        }
        let parts = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard parts.count == fields.count else {
            return ["expected exactly 5 fields, found \(parts.count): [\(parts.joined(separator: " "))]"]
        }
        for (part, field) in zip(parts, fields) {
            for range in part.split(separator: ",") {
                if let problem = problem(in: String(range), field) { return [problem] }
            }
        }
        return []
    }

    private static func problem(in text: String, _ field: Field) -> String? {
        let slashes = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let hyphens = slashes[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        var (start, end) = (field.range.lowerBound, field.range.upperBound)
        if hyphens[0] != "*", hyphens[0] != "?" {
            guard hyphens.count <= 2 else { return "too many hyphens: \(text)" }
            guard let first = number(hyphens[0], field) else { return noNumber(hyphens[0]) }
            guard let last = number(hyphens[hyphens.count - 1], field) else { return noNumber(hyphens[1]) }
            // `5/15` counts from 5 to the end.
            (start, end) = (first, hyphens.count == 1 && slashes.count > 1 ? end : last)
        }
        guard slashes.count <= 2 else { return "too many slashes: \(text)" }
        if slashes.count == 2 {
            guard let step = number(slashes[1], Field(range: field.range)) else {
                return noNumber(slashes[1])
            }
            if step == 0 { return "step of range should be a positive number: \(text)" }
        }
        let (low, high) = (field.range.lowerBound, field.range.upperBound)
        if start < low { return "beginning of range (\(start)) below minimum (\(low)): \(text)" }
        if end > high { return "end of range (\(end)) above maximum (\(high)): \(text)" }
        return start > end ? "beginning of range (\(start)) beyond end of range (\(end)): \(text)" : nil
    }

    private static func number(_ text: String, _ field: Field) -> Int? {
        if let named = field.names[text.lowercased()] { return named }
        return text.isMade(of: \.isDigit) ? Int(text) : nil
    }

    private static func noNumber(_ text: String) -> String {
        "failed to parse int from \(text): strconv.Atoi: parsing \"\(text)\": invalid syntax"
    }
}
