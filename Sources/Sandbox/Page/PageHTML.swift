enum PageHTML {
    static let text = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>#iterapp-logs · Iterapp demo</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/demo/style.css">
        <script src="/demo/script.js" defer></script>
        </head>
        <body>
        <aside class="side">
          <h1>Iterapp <span>demo</span></h1>
          <nav aria-label="Channels"><span class="channel">iterapp-logs</span></nav>
          <section class="tries">
            <h2>Try</h2>
            <button type="button" data-try="/iterapp register cats">register cats</button>
            <button type="button" data-try="/iterapp deploy cats test main">deploy cats test main</button>
            <button type="button" data-try="/iterapp build cats main">build cats main</button>
            <button type="button" data-try="/iterapp deploy cats prod main">deploy cats prod main</button>
            <button type="button" data-try="/iterapp help">help</button>
          </section>
        </aside>
        <main>
          <header>
            <h2># iterapp-logs</h2>
            <p id="state" role="status">connecting…</p>
          </header>
          <div id="messages" role="log" aria-live="polite" aria-label="Messages" tabindex="0">
            <p class="empty">Nothing happened yet. Type <code>/iterapp register cats</code> to begin.</p>
          </div>
          <form id="composer" autocomplete="off">
            <label for="line" class="hidden">Message or command</label>
            <input id="line" name="line" maxlength="1100000" spellcheck="false"
              placeholder="/iterapp deploy cats test main" autofocus>
            <button type="submit" aria-label="Send">➤</button>
          </form>
        </main>
        <section id="thread" aria-label="Thread" hidden>
          <header><h2>Thread</h2><button type="button" id="close" aria-label="Close thread">✕</button></header>
          <div id="replies"></div>
        </section>
        </body>
        </html>
        """#
}
