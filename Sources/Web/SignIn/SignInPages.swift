import Crypto
import Deploys
import Foundation
import HTTP

/// `/slack/sign-in`, where people come back from Slack, and `/slack/sign-out`; and who has signed in.
package struct SignInPages: Sendable {
    /// Then people sign in again, and only those who still can.
    static let maxSessionSeconds: TimeInterval = 12 * 3_600
    /// Between leaving for Slack and coming back.
    static let maxAbsenceSeconds: TimeInterval = 600
    static let path = "/slack/sign-in"
    package static let callbackPath = "/slack/sign-in/callback"
    static let signOutPath = "/slack/sign-out"

    private let signIn: any SignIn
    private let session: SignedCookie
    /// Binds the way to Slack and back to one browser (RFC 6749, section 10.12).
    private let absence: SignedCookie
    private let now: @Sendable () -> Date
    private let log: Log

    /// - Parameters:
    ///   - secret: whoever knows it can sign in as anybody.
    ///   - isSecure: whether the public URL is https, and cookies shall go no other way.
    package init(
        signIn: any SignIn, secret: String, isSecure: Bool, now: @escaping @Sendable () -> Date, log: Log
    ) {
        self.signIn = signIn
        self.now = now
        self.log = log
        session = SignedCookie("iterapp", secret: secret, maxAgeSeconds: Self.maxSessionSeconds, isSecure: isSecure)
        absence = SignedCookie(
            "iterapp-sign-in", secret: secret, maxAgeSeconds: Self.maxAbsenceSeconds, isSecure: isSecure)
    }

    /// Who the request is of; nil for somebody who has not signed in.
    func person(_ request: HTTPRequest) -> Person? {
        guard let fields = session.fields(request, at: now()), fields.count == 2 else { return nil }
        return Person(id: fields[0], name: fields[1])
    }

    /// Where somebody is sent who shall sign in, and come back to a page.
    static func address(backTo page: String) -> String { "\(path)?to=\(LogPosition.encoded(page))" }

    /// Nil for a path that is none of these.
    package func answer(_ request: HTTPRequest) async -> HTTPResponse? {
        switch (request.method, request.path) {
        case ("GET", Self.path): begin(request)
        case ("GET", Self.callbackPath): await end(request)
        case ("POST", Self.signOutPath): leave()
        case (_, Self.path), (_, Self.callbackPath), (_, Self.signOutPath): .text(405, "Not like this.\n")
        default: nil
        }
    }

    // MARK: There

    private func begin(_ request: HTTPRequest) -> HTTPResponse {
        let target = Self.page(PageQuery.fields(request)["to"])
        let (state, nonce) = (hex(randomBytes(16)), hex(randomBytes(16)))
        var answer = redirect(to: signIn.address(state: state, nonce: nonce))
        answer.headers.add("Set-Cookie", absence.setting([state, nonce, target], at: now()))
        return answer
    }

    /// A page of ours that needs a sign-in, with the lines that were meant: nobody is sent anywhere else.
    static func page(_ wanted: String?) -> String {
        if wanted == EncryptPage.path { return EncryptPage.path }
        let halves = (wanted ?? "").split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = halves.first.flatMap({ LogAddress(String($0)) }), address.link == nil, address.part == .page
        else { return "/" }
        let lines = halves.count == 2 ? halves[1].wholeMatch(of: #/[A-Za-z0-9%._-]{1,200}/#)?.output : nil
        return address.page + (lines.map { "#\($0)" } ?? "")
    }

    // MARK: And back

    private func end(_ request: HTTPRequest) async -> HTTPResponse {
        let query = PageQuery.fields(request)
        guard let told = absence.fields(request, at: now()), told.count == 3,
            constantTimeEquals(Array((query["state"] ?? "").utf8), Array(told[0].utf8))
        else { return sentence(400, "This sign-in was not begun here, or too long ago.", backTo: "/") }
        let page = Self.page(told[2])
        guard let code = query["code"], !code.isEmpty else {
            return sentence(403, "Slack was not allowed to say who you are.", backTo: page)
        }
        do throws(SignInError) {
            let person = try await signIn.person(code: code, nonce: told[1], at: now())
            log.info("\(person.id) signed in")
            var answer = redirect(to: page)
            answer.headers.add("Set-Cookie", session.setting([person.id, person.name], at: now()))
            answer.headers.add("Set-Cookie", absence.removal)
            return answer
        } catch { return refusal(error, backTo: page) }
    }

    private func refusal(_ error: SignInError, backTo page: String) -> HTTPResponse {
        switch error {
        case .refused(let reason):
            log.warning("a sign-in was refused: \(reason)")
            return sentence(403, "Slack does not vouch for this sign-in.", backTo: page)
        case .foreign:
            return sentence(
                403, "You signed in to another Slack workspace than the one Iterapp works in. Sign in there.",
                backTo: page)
        case .outage(let reason):
            log.warning("nobody can sign in just now: \(reason)")
            return sentence(503, "Slack can't be asked just now. Try again in a minute.", backTo: page)
        }
    }

    private func leave() -> HTTPResponse {
        var answer = sentence(200, "You are signed out.", backTo: "/")
        answer.headers.add("Set-Cookie", session.removal)
        return answer
    }

    // MARK: Answers

    private func redirect(to address: String) -> HTTPResponse {
        var headers = PageHeaders.common
        headers["Location"] = address
        return HTTPResponse(status: 303, headers: headers)
    }

    private func sentence(_ status: Int, _ words: String, backTo page: String) -> HTTPResponse {
        let offer = SentencePage.Offer(text: "Sign in with Slack", address: Self.address(backTo: page))
        var answer = SentencePage(title: "Sign in", words: words, offer: offer).answer(status)
        // Whatever went wrong, the next attempt begins anew.
        answer.headers.add("Set-Cookie", absence.removal)
        return answer
    }
}
