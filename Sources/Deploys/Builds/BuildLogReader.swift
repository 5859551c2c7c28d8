/// Names the log of one appling of a build.
package struct LogReference: Hashable, Codable, Sendable {
    package let app: AppID
    package let build: Int
    /// Nil for an app without applings.
    package let appling: String?

    package init(app: AppID, build: Int, appling: String?) {
        self.app = app
        self.build = build
        self.appling = appling
    }
}

/// The end of a log.
package struct LogEnd: Hashable, Sendable {
    package let text: String
    /// Whether there was more before it.
    package let isCut: Bool

    package init(text: String, isCut: Bool) {
        self.text = text
        self.isCut = isCut
    }
}

/// Gives out what `BuildLogs` kept.
package protocol BuildLogReader: Sendable {
    /// The logs of a build that are there, ordered by their applings' names.
    func logs(of app: AppID, build: Int) async -> [LogReference]
    /// At most so many bytes, from the beginning of a line on. Nil when the log is not there, or no more.
    func end(of log: LogReference, maxBytes: Int) async -> LogEnd?
}
