import Deploys
import Foundation
import GitHub
import HTTP
import Store

/// What every part of the service is made with.
struct Basics: Sendable {
    let settings: Settings
    /// The state directory.
    let state: URL
    let journal: SQLiteJournal
    let http: HTTPClient
    /// Nil when nothing is asked of GitHub.
    let gitHub: GitHubClient?
    let buildLogs: FileBuildLogs
    let signals = Signals()
    let room = DiskRoom()
    let disk: DiskWatch
    let mask: SecretMask
    let log: Log
    let now: @Sendable () -> Date = { Date.now }

    var naming: Naming { settings.rendering.naming }
    var channels: ChannelPolicy { settings.slack.channels }

    init(_ settings: Settings, log: Log) async throws {
        self.settings = settings
        let http = HTTPClient()
        self.http = http
        gitHub = settings.github.identity.map { GitHubClient(settings.github.address, as: $0, http: http) }
        mask = SecretMask(settings.secrets)
        self.log = log.masked(by: mask)
        state = URL(filePath: settings.stateDirectory, directoryHint: .isDirectory)
        journal = try await SQLiteJournal.open(
            state, maxUnfinishedOperations: settings.queueLimit,
            onLostDisk: { sentence in
                log.error(sentence)
                // At once: nothing may be told any more.
                _exit(EX_IOERR)
            })
        disk = DiskWatch(
            directory: settings.stateDirectory, reserveBytes: settings.diskReserveMebibytes << 20, room: room,
            log: self.log, onRoom: { [signals] in signals.work.fire() },
            isStalled: { [journal] in (try? journal.requireDisk()) == nil })
        await disk.look()
        buildLogs = FileBuildLogs(directory: state, maxDiskBytes: settings.logDiskMebibytes << 20, mask: mask)
    }

    /// What all desks take things in with.
    func intake(_ gate: any Gate) -> Intake {
        Intake(journal: journal, gate: gate, naming: naming, channels: channels, signals: signals, room: room,
            now: now)
    }
}
