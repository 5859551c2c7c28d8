import Crypto
import Deploys
import JSON
import Subprocess

/// Makes one app's database, or sees that it is there: one look as the app itself is all, when it is.
struct PostgresProvision: Sendable {
    let server: PostgresServer
    let name: PostgresName
    let mark: PostgresMark
    let extensions: [String]
    let password: String
    let psql: Psql
    let patience: PostgresPatience
    let random: @Sendable (_ count: Int) -> [UInt8]

    struct Outcome: Sendable {
        var remarks: [String]
        /// Nil when the server let nobody look.
        var state: PostgresState?
    }

    func run() async throws(AddOnError) -> Outcome {
        let start = patience.now()
        while true {
            do throws(PsqlError) {
                return try await attempt()
            } catch {
                guard error.mayPass else { throw PostgresWords.error(error, server, name, mark) }
                if Task.isCancelled { throw .cancelled }
                guard patience.now() - start < patience.maxSilence else {
                    throw .unreachable(PostgresWords.away(error, server))
                }
            }
            do { try await patience.sleep(patience.pause) } catch { throw .cancelled }
        }
    }

    private func attempt() async throws(PsqlError) -> Outcome {
        let first = await look()
        if case .refused(.program(let error)) = first, error.isFinal { throw .program(error) }
        if case .seen(let state) = first, state.isComplete(name, mark, extensions) {
            return Outcome(remarks: remarks(state), state: state)
        }
        let made = try await make(setsPassword: first.asksForPassword)
        if case .refused(let error) = await look(), error.isAboutPassword { throw error }
        return made
    }

    private func look() async -> Look {
        let login = Psql.Login(url: server.admin, user: name.text, password: password, database: name.text)
        do throws(PsqlError) {
            let lines = try await psql.run(
                PostgresScripts.look, ["name": name.text], as: login, timeLimit: patience.lookTimeLimit)
            guard let state = lines.compactMap({ PostgresState(line: $0) }).first else {
                return .refused(.connection("no role of that name"))
            }
            return .seen(state)
        } catch {
            return .refused(error)
        }
    }

    private func make(setsPassword: Bool) async throws(PsqlError) -> Outcome {
        let admin = server.admin
        let verifier = ScramVerifier(password, salt: random(ScramVerifier.saltBytes))
        let values = [
            "name": name.text, "mark": mark.text, "new_mark": mark.textOfNew, "verifier": verifier.text,
            "lock": lock, "sets_password": String(setsPassword),
            "extensions": String(decoding: JSON.array(extensions.map(JSON.string)).bytes, as: UTF8.self),
        ]
        let login = Psql.Login(url: admin, user: admin.user, password: admin.password, database: admin.database)
        let lines = try await psql.run(
            PostgresScripts.make, values, as: login, timeLimit: patience.makeTimeLimit)
        if let refusal = lines.compactMap(PostgresState.refusal).first { throw .refusal(refusal) }
        let state = lines.compactMap { PostgresState(line: $0) }.first
        return Outcome(remarks: state.map(remarks) ?? [], state: state)
    }

    private func remarks(_ state: PostgresState) -> [String] {
        (state.isNew(mark) ? [PostgresWords.made(name, server)] : [])
            + state.unlisted(besides: extensions).map { PostgresWords.unlisted($0, name) }
    }

    /// Of the server, for one that makes this database: two at once take turns.
    private var lock: String {
        let number = sha256(Array(name.text.utf8)).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return String(Int64(bitPattern: number))
    }
}

/// Whether the app's own password lets it in.
private enum Look {
    case seen(PostgresState)
    case refused(PsqlError)

    var asksForPassword: Bool {
        switch self {
        case .seen: false
        case .refused(let error): error.leavesPasswordOpen
        }
    }
}
