import Dispatch
import Foundation
import HTTP

/// How one request proves who sends it.
struct RequestIdentity: Sendable, Equatable {
    var token: String?
    var tls: HTTPClientTLS?
}

extension RequestIdentity: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without the secrets.
    var description: String { "token: \(token != nil), certificate: \(tls?.certificatePEM != nil)" }
    var debugDescription: String { description }
}

/// The identity of the moment: read from files and asked from programs, and renewed in time.
actor CredentialSource {
    /// Files are read again at least this often.
    static let maxAge: Duration = .seconds(60)
    /// What a program gave is renewed this long before it ends.
    static let renewalMargin: Duration = .seconds(30)
    /// A program runs no more often than this, whatever clocks and servers say.
    static let minProgramPause: Duration = .seconds(15)

    private(set) var connection: KubernetesConnection
    private let timing: Timing
    private let readFile: @Sendable (_ path: String) -> String?
    private var cached: (identity: RequestIdentity, until: ContinuousClock.Instant?)?
    private var lastRun: ContinuousClock.Instant?
    private var lastFailure: KubernetesError?
    private var isRenewing = false
    /// Those who wait for the renewal and have not given up, by their tickets.
    private var waiting: [Int: CheckedContinuation<Result<RequestIdentity, KubernetesError>, Never>] = [:]
    private var lastTicket = 0

    /// - Parameter readFile: the text of a file, or nil; may block, for ever if need be.
    init(
        _ connection: KubernetesConnection, timing: Timing,
        readFile: @escaping @Sendable (_ path: String) -> String? = { try? String(contentsOfFile: $0, encoding: .utf8) }
    ) {
        self.connection = connection
        self.timing = timing
        self.readFile = readFile
    }

    func current() async throws(KubernetesError) -> RequestIdentity {
        if let cached, cached.until.map({ timing.now() < $0 }) ?? true { return cached.identity }
        return try await renewed().get()
    }

    /// Requests that come meanwhile wait for the same renewal. Who is cancelled waits no longer, although the renewal
    /// goes on: a program takes up to a minute, and a file system may hang for ever.
    private func renewed() async -> Result<RequestIdentity, KubernetesError> {
        if !isRenewing {
            isRenewing = true
            Task { finish(await renew()) }
        }
        lastTicket += 1
        let ticket = lastTicket
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiting[ticket] = $0 }
        } onCancel: {
            // Ours is the actor until we wait, so this comes after it.
            Task { await self.giveUp(ticket) }
        }
    }

    private func giveUp(_ ticket: Int) {
        waiting.removeValue(forKey: ticket)?.resume(returning: .failure(.cancelled))
    }

    private func finish(_ outcome: Result<RequestIdentity, KubernetesError>) {
        isRenewing = false
        let all = waiting.values
        waiting = [:]
        for one in all { one.resume(returning: outcome) }
    }

    /// The server refused this identity: the next one is made afresh.
    /// - Returns: whether the next one can be another.
    func refused(_ identity: RequestIdentity) async -> Bool {
        if let cached, cached.identity != identity { return true }
        let ranJustNow = lastRun.map { timing.now() - $0 < Self.minProgramPause } ?? false
        if case .exec = connection.credential, ranJustNow { return false }
        let isStatic = isStatic
        let changed = await reload()
        guard changed || !isStatic else { return false }
        cached = nil
        return true
    }

    /// Nothing of it comes from outside of the kubeconfig.
    private var isStatic: Bool {
        switch connection.credential {
        case .none, .token: connection.tlsFiles.isEmpty
        case .tokenFile, .exec: false
        }
    }

    /// Other programs write new tokens into kubeconfigs.
    /// - Returns: whether something else stands there now.
    private func reload() async -> Bool {
        guard case .kubeconfig(let source, _, _, _) = connection.origin else { return false }
        let read = await Self.onOwnThread { () -> KubernetesConnection? in
            try? Kubeconfig(source).connection()
        }
        // Another server would be another cluster: that needs a restart.
        guard let read, read.server == connection.server, read != connection else { return false }
        connection = read
        return true
    }

    private func renew() async -> Result<RequestIdentity, KubernetesError> {
        do throws(KubernetesError) {
            let (identity, lifetime) = try await make()
            cached = (identity, lifetime.map { timing.now() + $0 })
            return .success(identity)
        } catch {
            // What was good a minute ago is better than nothing.
            if let cached { return .success(cached.identity) }
            return .failure(error)
        }
    }

    /// - Returns: how long it may be used; nil for ever.
    private func make() async throws(KubernetesError) -> (RequestIdentity, Duration?) {
        var identity = RequestIdentity(tls: await tls())
        let fileAge = connection.tlsFiles.isEmpty ? nil : Self.maxAge
        switch connection.credential {
        case .none: return (identity, fileAge)
        case .token(let token):
            identity.token = token
            return (identity, fileAge)
        case .tokenFile(let path):
            let token = await read(path)?.trimmingCharacters(in: .whitespacesAndNewlines)
            guard let token, !token.isEmpty else {
                throw .unreachable("the token file \(path) of \(connection.origin.user) cannot be read, or is empty")
            }
            identity.token = token
            return (identity, Self.maxAge)
        case .exec(let plugin):
            return try await ask(plugin, identity)
        }
    }

    private func ask(
        _ plugin: ExecPlugin, _ base: RequestIdentity
    ) async throws(KubernetesError) -> (RequestIdentity, Duration?) {
        if let lastRun, timing.now() - lastRun < Self.minProgramPause, let lastFailure { throw lastFailure }
        lastRun = timing.now()
        do throws(ExecFailure) {
            let credential = try await plugin.run()
            lastFailure = nil
            var identity = base
            identity.token = credential.token
            if let certificate = credential.certificatePEM {
                var tls = identity.tls ?? HTTPClientTLS()
                (tls.certificatePEM, tls.keyPEM) = (certificate, credential.keyPEM)
                identity.tls = tls
            }
            return (identity, lifetime(until: credential.expires))
        } catch {
            let failure = KubernetesError.unauthorized("\(error.sentence) (\(connection.origin.user))")
            lastFailure = failure
            throw failure
        }
    }

    /// The moment is of another clock. When ours goes fast, even what was given just now seems to have ended; it is
    /// used all the same, and the server's 401 is the judge.
    private func lifetime(until moment: Date?) -> Duration? {
        guard let moment else { return nil }
        let left = Duration.seconds(moment.timeIntervalSince(timing.wallClock())) - Self.renewalMargin
        return max(left, Self.maxAge)
    }

    // MARK: - Files

    private func tls() async -> HTTPClientTLS? {
        var tls = connection.tls
        let files = connection.tlsFiles
        if let path = files.authority, let text = await read(path) { tls?.authoritiesPEM = text }
        if let path = files.certificate, let text = await read(path) { tls?.certificatePEM = text }
        if let path = files.key, let text = await read(path) { tls?.keyPEM = text }
        return tls
    }

    private func read(_ path: String) async -> String? {
        await Self.onOwnThread { [readFile] in readFile(path) }
    }

    /// On a thread of Dispatch's: file systems can hang.
    private static func onOwnThread<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }
}
