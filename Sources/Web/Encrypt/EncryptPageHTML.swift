import Crypto

/// The page for encrypting a value, as HTML. Pure.
struct EncryptPageHTML {
    let key: EncryptPage.Key
    /// Of apps that are named without one.
    let organisation: String
    /// To choose from; empty for people who have not signed in.
    let apps: [String]
    /// Who is signed in.
    let person: String?
    /// Nil for people who are signed in, or can't be.
    let signInAddress: String?

    var text: String {
        """
        \(HTML.head("Encrypt a secret", EncryptPage.style, HTML.script(EncryptPage.scriptPath)))
        <body data-key="\(hex(key.point))" data-key-id="\(hex(key.id))" data-max-bytes="\(key.maxValueBytes)" \
        data-organisation="\(HTML.escaped(organisation))">
        <header class="top">\(signedIn)
        <h1>Encrypt a secret</h1>
        <p>The result can stand in <code>iterapp.toml</code>, also in a public repository: only this Iterapp can open \
        it, for this app alone. It is encrypted in your browser, and what you type is sent nowhere.</p>
        </header>
        <main>
        <noscript><p class="notice">This page needs JavaScript, as your browser does the encrypting. \
        \(Self.otherwise)</p></noscript>
        <p id="insecure" class="notice" hidden>Browsers encrypt only on pages that came over HTTPS, and this one did \
        not. \(Self.otherwise)</p>
        <div id="fields" hidden>
        \(fields)
        <p><button type="button" id="encrypt" class="button primary">Encrypt</button></p>
        </div>
        <p id="problem" class="notice" role="alert" hidden></p>
        <section id="result" hidden aria-live="polite">
        <h2>For <code>iterapp.toml</code></h2>
        <pre id="line" tabindex="0"></pre>
        <p><button type="button" id="copy" class="button">Copy the line</button>
        <span id="remark"></span></p>
        </section>
        <p class="faint">Key <code>\(hex(key.id))</code>. <a href="\(EncryptPage.keyPath)">The public key</a> is for \
        <code>iterapp encrypt</code>, which does the same in a terminal.</p>
        </main>
        </body>
        </html>
        """
    }

    private static let otherwise = """
        Download <a href="\(EncryptPage.keyPath)">the public key</a>, and encrypt in a terminal: \
        <code>iterapp encrypt --app APP --scope common --key iterapp-public-key.pem</code>
        """

    private var signedIn: String {
        guard let person else { return "" }
        return """
            <div class="person">\(HTML.escaped(person))<form method="post" action="/slack/sign-out">\
            <button type="submit">Sign out</button></form></div>
            """
    }

    /// No form is around them: there is nowhere to send them to.
    private var fields: String {
        """
        <p class="field"><label for="app">App</label>
        <input id="app" type="text" list="apps" placeholder="cats, or org/cats" autocomplete="off" \
        autocapitalize="none" spellcheck="false" maxlength="210">
        <datalist id="apps">\(options)</datalist>\(offer)</p>
        <fieldset><legend>For</legend>
        \(Self.scope("common", "every environment", "A variable of the app, wherever it runs", isChecked: true))
        \(Self.scope("prod", "prod alone", "A variable that only the app in prod has"))
        \(Self.scope("build", "the build", "What <code>RUN --mount=type=secret,id=…</code> reads"))
        </fieldset>
        <p class="field"><label for="name"><span id="name-label">Variable</span></label>
        <input id="name" type="text" placeholder="API_KEY" autocomplete="off" autocapitalize="none" spellcheck="false" \
        maxlength="253"></p>
        <p class="field"><label for="value">Value</label>
        <textarea id="value" rows="4" autocomplete="off" autocapitalize="none" autocorrect="off" spellcheck="false" \
        data-gramm="false"></textarea>
        <span class="faint">One line break at its end is not part of it.</span></p>
        """
    }

    private var options: String {
        apps.map { "<option value=\"\(HTML.escaped($0))\"></option>" }.joined()
    }

    private var offer: String {
        guard let signInAddress else { return "" }
        return """
             <span class="faint"><a href="\(HTML.escaped(signInAddress))">Sign in with Slack</a> to choose from the \
            registered apps.</span>
            """
    }

    private static func scope(_ value: String, _ title: String, _ words: String, isChecked: Bool = false) -> String {
        """
        <label class="scope"><input type="radio" name="scope" value="\(value)"\(isChecked ? " checked" : "")> \
        <span><strong>\(title)</strong> <span class="faint">\(words)</span></span></label>
        """
    }
}
