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
    /// At most so many bytes, from the beginning of a line on, without colours. Nil when the log is not there, or no
    /// more.
    func end(of log: LogReference, maxBytes: Int) async -> LogEnd?
    /// Opens a log, with its colours, from a byte on: the beginning of a line. Nil when it is not there, or no more.
    func open(_ log: LogReference, at offset: Int) async throws(LogsBusy) -> (any OpenLog)?
    /// Opens the log as gzip (RFC 1952) keeps it, all of it, with its colours; nil when it is not kept like that.
    func openCompressed(_ log: LogReference) async -> (any OpenLog)?
    /// Another number as soon as a log of that build was begun anew: what was read of it before counts for nothing.
    func generation(of app: AppID, build: Int) -> Int
    /// Has the signal fire whenever a log of that build begins, grows or ends.
    func watch(_ app: AppID, build: Int, _ signal: Signal) -> SignalWatch
}

/// A log that is read, while it may still be written.
package protocol OpenLog: Sendable {
    /// Whether it is still written: asked before a `read` that brings nothing, it tells a pause from the end.
    var isGrowing: Bool { get }
    /// The next bytes, whole lines where they fit into so many; none when there are no more, or not now.
    func read(maxBytes: Int) async -> [UInt8]
}

/// So many logs are being unpacked already that another one has to wait.
package struct LogsBusy: Error, Sendable, Equatable {
    package init() {}
}
