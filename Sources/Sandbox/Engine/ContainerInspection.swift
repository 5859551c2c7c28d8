import Foundation
import JSON

/// One container as the engine sees it now (`ContainerInspect`).
package struct ContainerInspection: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        /// Made but never started.
        case created
        case running(startedAt: Date)
        case exited(Exit)
    }

    package struct Exit: Sendable, Equatable {
        package var code: Int
        package var outOfMemory: Bool
        package var startedAt: Date
        package var finishedAt: Date
        /// Why the engine could not start it (`no such file or directory`); empty when it ran.
        package var error: String

        package init(code: Int, outOfMemory: Bool, startedAt: Date, finishedAt: Date, error: String = "") {
            self.code = code
            self.outOfMemory = outOfMemory
            self.startedAt = startedAt
            self.finishedAt = finishedAt
            self.error = error
        }
    }

    package var id: String
    package var name: String
    /// `sha256:…` of the image's configuration.
    package var imageID: String
    package var labels: [String: String]
    package var state: State
    /// On the bridge network; nil while it is not running.
    package var address: String?
}

extension ContainerInspection {
    init(json: JSON) throws(EngineError) {
        guard let id = json["Id"]?.string, let status = json.at("State", "Status")?.string else {
            throw .unreadable(reason: "a container without Id or State.Status")
        }
        self.id = id
        name = String((json["Name"]?.string ?? "").drop { $0 == "/" })
        imageID = json["Image"]?.string ?? ""
        labels = (json.at("Config", "Labels")?.object ?? [:]).compactMapValues(\.string)
        state = Self.state(status, json["State"] ?? .null)
        // The address at the top level of NetworkSettings is gone from API 1.52 on; this one stays.
        let addresses = (json.at("NetworkSettings", "Networks")?.object ?? [:]).values
            .compactMap { $0["IPAddress"]?.string }.filter { !$0.isEmpty }
        address = addresses.first
    }

    private static func state(_ status: String, _ json: JSON) -> State {
        let started = EngineTime.date(json["StartedAt"]?.string)
        switch status {
        case "created" where json["ExitCode"]?.int ?? 0 == 0: return .created
        case "running", "paused", "restarting", "removing":
            if json["Running"]?.bool == true { return .running(startedAt: started ?? .distantPast) }
        default: break
        }
        return .exited(Exit(
            code: json["ExitCode"]?.int ?? 0, outOfMemory: json["OOMKilled"]?.bool ?? false,
            startedAt: started ?? .distantPast,
            finishedAt: EngineTime.date(json["FinishedAt"]?.string) ?? started ?? .distantPast,
            error: json["Error"]?.string ?? ""))
    }
}

/// One line of `ContainerList`.
package struct ContainerSummary: Sendable, Equatable {
    package var id: String
    package var labels: [String: String]
    package var isRunning: Bool
}

/// What the engine knows about an image it has (`ImageInspect`).
package struct EngineImage: Sendable, Equatable {
    package var id: String
    /// The user that its processes run as; empty is root.
    package var user: String
}

/// The machine the engine runs on (`SystemInfo`).
package struct EngineMachine: Sendable, Equatable {
    package var cpus: Int
    package var memoryBytes: Int
}

enum EngineTime {
    /// RFC 3339 with up to nine digits of fraction; the engine writes year 1 for "never".
    static func date(_ text: String?) -> Date? {
        guard let text, !text.hasPrefix("0001-") else { return nil }
        let dot = text.firstIndex(of: ".") ?? text.endIndex
        let fraction = text[dot...].dropFirst().prefix { $0.isASCII && $0.isNumber }
        let zone = text[dot...].dropFirst(dot == text.endIndex ? 0 : 1).drop { $0.isASCII && $0.isNumber }
        let whole = dot == text.endIndex ? text : text[..<dot] + String(zone)
        guard let date = try? Date(whole, strategy: .iso8601) else { return nil }
        return date.addingTimeInterval(Double("0.\(fraction.isEmpty ? "0" : fraction)") ?? 0)
    }
}
