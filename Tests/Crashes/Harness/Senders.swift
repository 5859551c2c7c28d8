import Foundation

/// People and GitHub, who send while the service lives and dies, over several connections.
struct Senders: Sendable {
    let mail: Mail
    let repositories: Repositories

    /// What its sender asks for again: GitHub's user redelivers the same, Slack's types it anew.
    enum Unanswered: Sendable {
        case letter(Mail.Letter)
        case deed(Life.Deed)
    }

    /// Sends while `end` runs, and until nobody waits for an answer any more.
    /// - Returns: what got no answer and shall be asked for again, and what `end` returned.
    func during(
        _ life: Life, again: [Unanswered], _ end: @Sendable () async -> Bool
    ) async -> (again: [Unanswered], end: Bool) {
        await withTaskGroup(of: Unanswered?.self) { group in
            for one in again { group.addTask { await ask(again: one) } }
            for act in life.acts { group.addTask { await perform(act) } }
            let result = await end()
            var unanswered: [Unanswered] = []
            for await one in group { if let one { unanswered.append(one) } }
            return (unanswered, result)
        }
    }

    /// - Returns: the same when there is still no answer.
    func ask(again one: Unanswered) async -> Unanswered? {
        switch one {
        case .letter(let letter): return await mail.send(letter) == nil ? one : nil
        case .deed(let deed):
            guard let letter = try? await letter(deed) else { return nil }
            return await mail.send(letter) == nil ? one : nil
        }
    }

    private func perform(_ act: Life.Act) async -> Unanswered? {
        let start = ContinuousClock.now
        guard let letter = try? await letter(act.deed) else { return nil }
        try? await Task.sleep(until: start + .milliseconds(act.afterMilliseconds))
        let answer = await mail.send(letter, isOnOwnConnection: act.isPersistent)
        if act.isRepeated { await mail.send(letter) }
        guard answer == nil, act.isPersistent else { return nil }
        if case .push = act.deed { return .letter(letter) }
        return .deed(act.deed)
    }

    private func letter(_ deed: Life.Deed) async throws -> Mail.Letter? {
        switch deed {
        case .deploy(let app, let environment): return mail.command("deploy \(app) \(environment) main", app: app)
        case .build(let app): return mail.command("build \(app) main", app: app)
        case .register: return mail.command("register \(Life.fickleApp)", app: Life.fickleApp)
        case .deregister: return mail.command("deregister \(Life.fickleApp)", app: Life.fickleApp)
        case .push(let app):
            let (before, commit) = try await repositories.push(to: app)
            return mail.push(to: app, before: before, commit: commit)
        }
    }
}
