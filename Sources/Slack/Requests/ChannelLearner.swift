import Deploys

/// Finds out which channels the settings mean, before anybody writes there: an event tells a channel's id alone.
package struct ChannelLearner: Sendable {
    private let directory: ChannelDirectory
    private let names: [String]
    private let log: Log
    /// Fired when the bot came into a channel, or a channel has another name.
    package let wake = Signal()

    static let firstPause = Duration.seconds(1)
    static let maxPause = Duration.seconds(300)

    package init(api: SlackWebAPI, book: any ChannelBook, channels: ChannelPolicy, log: Log) {
        directory = ChannelDirectory(api: api, book: book)
        names = ([channels.logChannel] + channels.commandChannels).filter { $0.hasPrefix("#") }
        self.log = log
    }

    /// Returns when all are known, or the task is cancelled.
    package func run() async {
        var unknown = names
        var pause = Self.firstPause
        var complaints: Set<String> = []
        while !Task.isCancelled {
            var left: [String] = []
            for name in unknown {
                do throws(MessengerError) { _ = try await directory.id(of: name) } catch {
                    left.append(name)
                    let complaint = "which channel \(name) is could not be found out: \(error)"
                    if complaints.insert(complaint).inserted { log.warning(complaint) }
                }
            }
            guard !left.isEmpty else { return }
            unknown = left
            await wake.wait(atMost: pause)
            pause = min(pause * 2, Self.maxPause)
        }
    }
}
