import HTTP

/// What people read who would encrypt a value for an installation that has no key: who makes one, and how.
struct NoKeyPage {
    /// Whether `ITERAPP_KEYS` says where keys are kept.
    let hasPlace: Bool

    static let words = "This Iterapp has no key for encrypted values yet"

    func answer() -> HTTPResponse {
        var headers = PageHeaders.common
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers["Content-Security-Policy"] = SentencePage.policy
        return HTTPResponse(status: 404, headers: headers, body: .bytes(Array(text.utf8)))
    }

    private var text: String {
        """
        \(HTML.head("Encrypt a secret", EncryptPage.style))
        <body><header class="top">
        <h1>Encrypt a secret</h1>
        <p>\(Self.words): nothing can be encrypted for it.</p>
        </header>
        <main>
        <h2>If you operate it</h2>
        \(hasPlace ? Self.command : Self.commandWithPlace)
        </main></body></html>
        """
    }

    private static let command = """
        <p>Make the first key, as the user that the service runs as:</p>
        <pre tabindex="0">iterapp keys rotate</pre>
        <p>Within half a minute it is here.</p>
        """

    private static let commandWithPlace = """
        <p>Choose the file that keys are kept in, and make the first one. The file's folder has to belong to the user \
        that the service runs as, here <code>iterapp</code>:</p>
        <pre tabindex="0"># as root
        install -d -o iterapp /etc/iterapp
        # as iterapp
        export ITERAPP_KEYS=/etc/iterapp/keys.pem
        iterapp keys rotate</pre>
        <p>Then start the service again with that setting. In a cluster, keys are kept in a Secret: \
        <code>ITERAPP_KEYS=secret:iterapp/iterapp-keys</code>. Make a backup: what is encrypted for a key can be \
        opened with that key alone.</p>
        """
}
