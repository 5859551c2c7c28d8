import Deploys
import HTTP

/// The page on which people encrypt a value for `iterapp.toml`. Their browser does it: what they type is sent nowhere.
package struct EncryptPage: Sendable {
    package static let path = "/encrypt_secret"
    static let keyPath = "/encrypt_secret/key"
    private static let folder = "/encrypt_secret/assets/"
    static let scriptPath = LogAssets.path("encrypt.js", EncryptScript.text, in: folder)
    static let stylePath = LogAssets.path("encrypt.css", EncryptStyle.text, in: folder)
    static let style = "<link rel=\"stylesheet\" href=\"\(stylePath)\">"

    /// What is encrypted for.
    package struct Key: Sendable {
        /// As values name it.
        package let id: [UInt8]
        /// The public key as an uncompressed point of P-256 (SEC 1, section 2.3.3).
        package let point: [UInt8]
        package let pem: String
        package let maxValueBytes: Int

        package init(id: [UInt8], point: [UInt8], pem: String, maxValueBytes: Int) {
            self.id = id
            self.point = point
            self.pem = pem
            self.maxValueBytes = maxValueBytes
        }
    }

    private let key: @Sendable () -> Key?
    private let hasPlace: Bool
    private let apps: @Sendable () async -> [AppID]
    private let naming: Naming
    /// Nil when nobody can sign in.
    private let signIn: SignInPages?

    /// - Parameters:
    ///   - key: the newest one; nil while there is none.
    ///   - hasPlace: whether the operator has said where keys are kept.
    ///   - apps: the registered ones, for people who have signed in.
    package init(
        key: @escaping @Sendable () -> Key?, hasPlace: Bool = true, apps: @escaping @Sendable () async -> [AppID],
        naming: Naming, signIn: SignInPages?
    ) {
        self.key = key
        self.hasPlace = hasPlace
        self.apps = apps
        self.naming = naming
        self.signIn = signIn
    }

    /// Nil for a path that is none of this page's.
    package func answer(_ request: HTTPRequest) async -> HTTPResponse? {
        guard request.path == Self.path || request.path.hasPrefix(Self.path + "/") else { return nil }
        guard request.method == "GET" || request.method == "HEAD" else {
            return .text(405, "Only GET is answered here.\n")
        }
        switch request.path {
        case Self.path: return await page(request)
        case Self.keyPath: return publicKey()
        case Self.scriptPath: return LogAssets.file(EncryptScript.text, "text/javascript; charset=utf-8")
        case Self.stylePath: return LogAssets.file(EncryptStyle.text, "text/css; charset=utf-8")
        case _ where request.path.hasPrefix(Self.folder): return LogAssets.outdated
        default: return SentencePage(title: "Nothing here", words: "There is no such page.").answer(404)
        }
    }

    /// For `iterapp encrypt --key`.
    private func publicKey() -> HTTPResponse {
        guard let key = key() else { return .text(404, "\(NoKeyPage.words).\n") }
        var headers = PageHeaders.common
        headers["Content-Type"] = "application/x-pem-file"
        headers["Content-Disposition"] = "attachment; filename=\"iterapp-public-key.pem\""
        return HTTPResponse(status: 200, headers: headers, body: .bytes(Array(key.pem.utf8)))
    }

    private func page(_ request: HTTPRequest) async -> HTTPResponse {
        guard let key = key() else { return NoKeyPage(hasPlace: hasPlace).answer() }
        let person = signIn?.person(request)
        var known: [String] = []
        if person != nil { known = await apps().map(naming.label).sorted() }
        let html = EncryptPageHTML(
            key: key, organisation: naming.defaultOrganisation, apps: known, person: person?.name,
            signInAddress: signIn == nil || person != nil ? nil : SignInPages.address(backTo: Self.path))
        var headers = PageHeaders.common
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers["Content-Security-Policy"] = Self.policy(hasSignOut: person != nil)
        return HTTPResponse(status: 200, headers: headers, body: .bytes(Array(html.text.utf8)))
    }

    /// The script can reach no server, ours included: there is no `connect-src`, and nothing to send a form to but the
    /// sign-out.
    private static func policy(hasSignOut: Bool) -> String {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
            + "form-action \(hasSignOut ? "'self'" : "'none'"); base-uri 'none'; frame-ancestors 'none'"
    }
}
