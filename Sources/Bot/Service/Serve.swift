import Deploys
import Foundation
import HTTP

/// Runs the service as the process's environment says, until SIGTERM or SIGINT.
/// - Throws: a sentence for the operator.
package func serve() async throws {
    ConnectionRoom.raiseDescriptorLimit()
    let settings = try Settings.fromProcess()
    let log = Log.standardError
    let signals = try TerminationSignals()
    let reload = try ReloadSignal()
    // SIGHUP would end the process without it.
    defer { withExtendedLifetime(reload) {} }
    try await Service(settings, log: log, reload: reload.received).run(until: { await signals.wait() }) { port in
        log.info("listening on \(settings.host) port \(port)")
    }
}
