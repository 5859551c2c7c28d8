import Foundation
import JSON

/// One object of `--progress=rawjson` (BuildKit, client/graph.go, SolveStatus). What is missing or of another shape is
/// left out: nothing in a stream stops its reading.
struct RawStatus {
    struct Vertex {
        let digest: String
        let name: String
        let started: Double?
        let completed: Double?
        let isCached: Bool
        let error: String?
        let group: Group?
    }

    /// What makes several vertexes one step for people (`COPY --link`).
    struct Group {
        let id: String
        let name: String
        /// It does not make the step begin.
        let isWeak: Bool
    }

    /// How far a part of a vertex is: `transferring context:`, in bytes.
    struct Part {
        let id: String
        let vertex: String
        let current: Double
        let total: Double
        let timestamp: Double
        let started: Double?
        let completed: Double?
    }

    struct Log {
        let vertex: String
        let stream: Int
        let data: Data
        let timestamp: Double
    }

    struct Warning {
        let vertex: String
        let text: String
    }

    let vertexes: [Vertex]
    let parts: [Part]
    let logs: [Log]
    let warnings: [Warning]

    init(_ json: JSON) {
        vertexes = Self.list(json["vertexes"], Vertex.init)
        parts = Self.list(json["statuses"], Part.init)
        logs = Self.list(json["logs"], Log.init)
        warnings = Self.list(json["warnings"], Warning.init)
    }

    private static func list<T>(_ json: JSON?, _ read: (JSON) -> T?) -> [T] { (json?.array ?? []).compactMap(read) }
}

extension RawStatus.Vertex {
    init?(_ json: JSON) {
        guard let digest = json["digest"]?.string else { return nil }
        self.digest = digest
        name = json["name"]?.string ?? ""
        started = RawTime.seconds(json["started"])
        completed = RawTime.seconds(json["completed"])
        isCached = json["cached"]?.bool ?? false
        error = json["error"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        group = json["progressGroup"].flatMap { group in
            guard let id = group["id"]?.string else { return nil }
            return RawStatus.Group(
                id: id, name: group["name"]?.string ?? "", isWeak: group["weak"]?.bool ?? false)
        }
    }
}

extension RawStatus.Part {
    init?(_ json: JSON) {
        guard let id = json["id"]?.string, let vertex = json["vertex"]?.string,
            let timestamp = RawTime.seconds(json["timestamp"])
        else { return nil }
        self.id = id
        self.vertex = vertex
        self.timestamp = timestamp
        current = json["current"]?.number ?? 0
        total = json["total"]?.number ?? 0
        started = RawTime.seconds(json["started"])
        completed = RawTime.seconds(json["completed"])
    }
}

extension RawStatus.Log {
    init?(_ json: JSON) {
        guard let vertex = json["vertex"]?.string, let text = json["data"]?.string,
            let data = Data(base64Encoded: text)
        else { return nil }
        self.vertex = vertex
        self.data = data
        stream = json["stream"]?.int ?? 0
        timestamp = RawTime.seconds(json["timestamp"]) ?? 0
    }
}

extension RawStatus.Warning {
    init?(_ json: JSON) {
        guard let text = json["short"]?.string, let short = Data(base64Encoded: text) else { return nil }
        vertex = json["vertex"]?.string ?? ""
        let url = json["url"]?.string ?? ""
        self.text = String(decoding: short, as: UTF8.self) + (url.isEmpty ? "" : " (\(url))")
    }
}

/// Points in time as Go writes them (RFC 3339, with up to nine digits behind the point).
enum RawTime {
    /// Since 1970; nil for what is no time, or Go's time zero.
    static func seconds(_ json: JSON?) -> Double? {
        guard let text = json?.string else { return nil }
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 40, let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]), let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]),
            let second = number(bytes[17..<19]), (1...12).contains(month), year > 1
        else { return nil }
        var rest = bytes[19...]
        var fraction = 0.0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            fraction = Double("0." + String(decoding: digits, as: UTF8.self)) ?? 0
            rest = rest.dropFirst(1 + digits.count)
        }
        let days = days(year, month, day)
        return Double(days * 86_400 + hour * 3_600 + minute * 60 + second) + fraction - offset(rest)
    }

    /// `Z`, `+01:00`, in seconds.
    private static func offset(_ text: ArraySlice<UInt8>) -> Double {
        let bytes = Array(text)
        guard bytes.count == 6, let hours = number(bytes[1..<3]), let minutes = number(bytes[4..<6]) else { return 0 }
        return Double(hours * 3_600 + minutes * 60) * (bytes[0] == UInt8(ascii: "-") ? -1 : 1)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy { (0x30...0x39).contains($0) } ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }

    /// Since 1970-01-01 in the Gregorian calendar, with years that begin in March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
