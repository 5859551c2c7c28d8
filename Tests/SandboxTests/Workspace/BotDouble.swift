import Foundation
import HTTP
import JSON
import Slack
import Synchronization

@testable import Sandbox

/// A bot that checks signatures, notes what it is sent, and answers what the test wants.
final class BotDouble: Sendable {
    struct Received: Sendable {
        let path: String
        let headers: HTTPHeaders
        let body: [UInt8]
        let isSigned: Bool

        /// A form's field, decoded.
        func field(_ name: String) -> String? { FormFields(body)?[name] }
        /// What `payload`, or a JSON body, says.
        var payload: JSON { (try? JSON.parse(field("payload").map { Array($0.utf8) } ?? body)) ?? .null }
    }

    static let secret = "a signing secret"

    private let answers = Mutex<[HTTPResponse]>([])
    private let arrivals = AsyncStream<Received>.makeStream()
    private let muteAnswers = Mutex(0)
    private let received = Mutex<[Received]>([])
    private let server = Mutex<HTTPServer?>(nil)
    let clock: HandClock

    init(_ clock: HandClock) { self.clock = clock }

    func start() throws -> String {
        var settings = HTTPServerSettings()
        settings.port = 0
        let server = HTTPServer(settings) { [self] request in
            let isSigned = SlackSignature(signingSecret: Self.secret).holds(for: request, at: clock.now)
            let one = Received(path: request.path, headers: request.headers, body: request.body, isSigned: isSigned)
            received.withLock { $0.append(one) }
            arrivals.continuation.yield(one)
            let isMute = muteAnswers.withLock { count in
                count -= 1
                return count >= 0
            }
            // Its client gives up, which cancels this.
            if isMute { try? await Task.sleep(for: .seconds(60)) }
            return answers.withLock { $0.isEmpty ? .text(200, "") : $0.removeFirst() }
        }
        self.server.withLock { $0 = server }
        return "http://127.0.0.1:\(try server.start())"
    }

    func stop() async { await server.withLock { $0 }?.stop(grace: .zero) }

    /// The next answers, in order; then 200 with nothing.
    func answerNext(_ answers: [HTTPResponse]) { self.answers.withLock { $0 = answers } }
    func answerNext(_ json: JSON) {
        answerNext([HTTPResponse(status: 200, headers: ["Content-Type": "application/json"], body: .bytes(json.bytes))])
    }

    /// The next requests get no answer.
    func stayMute(for count: Int) { muteAnswers.withLock { $0 = count } }

    /// The first request that was not looked at so far, when it comes.
    func next() async -> Received {
        for await one in arrivals.stream { return one }
        preconditionFailure("the stream never ends")
    }

    var all: [Received] { received.withLock { $0 } }
    var last: Received? { all.last }
}

extension SlackHarness {
    static func withBot(
        scopes: Set<String> = SlackGrant.allScopes,
        _ body: (SlackHarness, BotDouble, SlackCaller) async throws -> Void
    ) async throws {
        try await with(scopes: scopes) { slack in
            let bot = BotDouble(slack.clock)
            var caller = slack.server.caller(botURL: try bot.start(), signingSecret: BotDouble.secret)
            caller.retryDelays = [.zero, .zero, .zero]
            do {
                try await body(slack, bot, caller)
            } catch {
                await bot.stop()
                throw error
            }
            await bot.stop()
        }
    }
}
