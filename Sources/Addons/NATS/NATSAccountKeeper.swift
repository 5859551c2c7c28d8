import Deploys
import Foundation

/// Looks now and then whether the servers have the accounts of all environments: one that begins anew without them
/// gets them again, and apps are let in without a deploy.
package actor NATSAccountKeeper {
    /// Between two looks.
    static let period = Duration.seconds(120)

    private let settings: NATSSettings
    private let secrets: any AddOnSecrets
    private let now: @Sendable () -> Date
    private let log: Log
    /// Said once, not with every look.
    private var lastTrouble: String?

    package init(
        _ settings: NATSSettings, secrets: any AddOnSecrets, now: @escaping @Sendable () -> Date = { Date() }, log: Log
    ) {
        self.settings = settings
        self.secrets = secrets
        self.now = now
        self.log = log
    }

    /// Works until the task is cancelled.
    package func run() async {
        repeat { await look() } while (try? await Task.sleep(for: Self.period)) != nil
    }

    /// - Returns: the names of the accounts that the server had lost, or that let users in who shall be turned away.
    @discardableResult
    func look() async -> [String] {
        do throws(AddOnError) {
            let pushed = try await push(try await secrets.kept(.nats))
            if !pushed.isEmpty {
                log.warning("the NATS server had lost accounts, and has them again: \(pushed.joined(separator: ", "))")
            }
            if lastTrouble != nil { log.info("NATS accounts are looked after again") }
            lastTrouble = nil
            return pushed
        } catch {
            note(error)
            return []
        }
    }

    private func push(_ kept: [KeptAddOn]) async throws(AddOnError) -> [String] {
        // Users of another operator's accounts get new ones with the next deploy.
        let known = kept.compactMap { one in
            let account = DerivedAccount(of: one.place, operator: settings.operator)
            return NATSUser(in: one.secret, of: account).map { (account: account, revokedUntil: $0.revokedUntil) }
        }
        guard !known.isEmpty else { return [] }
        let second = Int(now().timeIntervalSince1970)
        return try await NATSTalk(limits: settings.limits).run { [settings] interrupt throws(NATSError) in
            let system = try NATSSystem(settings, second: second, interrupt)
            let listed = try system.accounts()
            var pushed: [String] = []
            for (account, revokedUntil) in known
            where try system.ensure(account, revokedUntil: revokedUntil, listed: listed).isPushed {
                pushed.append(account.name)
            }
            return pushed
        }
    }

    private func note(_ error: AddOnError) {
        let sentence: String
        switch error {
        case .refused(let words, let advice): sentence = [words, advice].compactMap { $0 }.joined(separator: " ")
        case .unreachable(let words): sentence = words
        case .cancelled: return
        }
        guard sentence != lastTrouble else { return }
        lastTrouble = sentence
        log.warning("NATS accounts cannot be looked after: \(sentence)")
    }
}
