import Crypto
import Deploys
import Foundation
import HTTP
import JSON

extension SlackStandIn {
    static let authorizePath = "/openid/connect/authorize"

    /// The page on which somebody agrees, and what follows: the browser goes back to the app with a code.
    func authorize(_ request: HTTPRequest) async -> HTTPResponse {
        let isAnswer = request.method == "POST"
        let fields = Self.fields(isAnswer ? String(decoding: request.body, as: UTF8.self) : request.query ?? "")
        do {
            let wish = try signIn.wish(fields)
            let members = try await workspace.members().filter { !$0.isDeactivated && !$0.isBot }
            guard isAnswer else { return page(fields, members) }
            guard let member = fields["member"] else {
                return back(wish, "error=access_denied")
            }
            guard members.contains(where: { $0.id == member }) else { throw SlackRefusal("user_not_found") }
            return back(wish, "code=" + signIn.code(for: wish, member: member))
        } catch {
            return .text(400, "Something went wrong: \((error as? SlackRefusal)?.code ?? "internal_error")\n")
        }
    }

    private static func fields(_ text: String) -> [String: String] {
        let items = URLComponents(string: "?" + text.replacing("+", with: "%20"))?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    private func back(_ wish: SignInDesk.Wish, _ outcome: String) -> HTTPResponse {
        let sign = wish.redirectURL.contains("?") ? "&" : "?"
        let address = wish.redirectURL + sign + outcome + "&state=" + FormEncoding.encoded(wish.state)
        return HTTPResponse(status: 302, headers: ["Location": address])
    }

    private func page(_ fields: [String: String], _ members: [ChatMember]) -> HTTPResponse {
        let hidden = fields.sorted { $0.key < $1.key }.map { name, value in
            "<input type=\"hidden\" name=\"\(Self.escaped(name))\" value=\"\(Self.escaped(value))\">"
        }.joined()
        let buttons = members.map { member in
            "<p><button name=\"member\" value=\"\(Self.escaped(member.id))\">"
                + "Continue as \(Self.escaped(member.name))</button></p>"
        }.joined()
        let text = """
            <!doctype html><html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in with Slack</title></head>
            <body><h1>Iterapp would like to know who you are</h1>
            <form method="post" action="\(Self.authorizePath)">\(hidden)\(buttons)<p><button>Cancel</button></p></form>
            </body></html>
            """
        return HTTPResponse(
            status: 200, headers: ["Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"],
            body: .bytes(Array(text.utf8)))
    }

    private static func escaped(_ text: String) -> String {
        text.replacingEvery("&", with: "&amp;").replacingEvery("<", with: "&lt;").replacingEvery("\"", with: "&quot;")
    }

    /// `openid.connect.token`: what a code stands for, as a JSON Web Token (RFC 7519).
    func exchangeCode(_ arguments: SlackArguments) async throws -> JSON {
        var (member, claims) = try signIn.redeem(arguments)
        let name = try await workspace.members().first { $0.id == member }?.name
        if claims["name"] == nil { claims["name"] = name.map(JSON.string) }
        let header: JSON = ["alg": "RS256", "typ": "JWT", "kid": "demo"]
        // Whoever fetches it over TLS does not look at the signature.
        let parts = [header.bytes, claims.bytes, randomBytes(256)].map(Self.base64URL)
        return [
            "access_token": .string("xoxp-" + hex(randomBytes(16))), "token_type": "Bearer",
            "id_token": .string(parts.joined(separator: ".")),
        ]
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
