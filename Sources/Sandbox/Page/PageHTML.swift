enum PageHTML {
    static let text = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>#iterapp-logs · Iterapp demo</title>
        <link rel="icon" href="/demo/icon.svg">
        <link rel="stylesheet" href="/demo/style.css">
        <script src="/demo/script.js" defer></script>
        </head>
        <body>
        <aside class="side" id="side">
          <h1>Iterapp <span>demo</span></h1>
          <nav aria-label="Channels">
            <h2>Channels</h2>
            <div id="channels"></div>
            <h2>Apps</h2>
            <div id="apps"></div>
          </nav>
          <section class="tries">
            <h2>Try</h2>
            <button type="button" data-try="/iterapp register cats">register cats</button>
            <button type="button" data-try="/iterapp deploy cats test main">deploy cats test main</button>
            <button type="button" data-try="/iterapp status cats">status cats</button>
            <button type="button" data-try="/iterapp build cats main">build cats main</button>
            <button type="button" data-try="/iterapp deploy cats prod main">deploy cats prod main</button>
            <button type="button" data-try="/iterapp help">help</button>
          </section>
          <fieldset>
            <legend>You act as</legend>
            <div id="members" role="radiogroup" aria-label="You act as"></div>
          </fieldset>
        </aside>
        <main>
          <header>
            <button type="button" id="side-opener" aria-controls="side" aria-label="Channels and people">☰</button>
            <h2 id="place-title"># iterapp-logs</h2>
            <div id="tabs" role="tablist" aria-label="Parts of the app" hidden>
              <button type="button" role="tab" data-tab="home" aria-controls="home">Home</button>
              <button type="button" role="tab" data-tab="messages" aria-controls="talk">Messages</button>
            </div>
            <p id="state" role="status">connecting…</p>
          </header>
          <div id="home" role="tabpanel" aria-label="Home" hidden></div>
          <div id="talk">
            <div id="messages" role="log" aria-live="off" aria-label="Messages" tabindex="0" hidden></div>
            <div id="empty">
              <p id="empty-words">Nothing happened here yet.</p>
              <p>Type <code>/iterapp register cats</code> to begin.</p>
            </div>
            <form id="composer" class="composer" autocomplete="off">
              <label for="line" class="hidden">Message or command</label>
              <input id="line" name="line" maxlength="1100000" spellcheck="false" placeholder="Message" autofocus>
              <button type="submit" aria-label="Send">➤</button>
            </form>
          </div>
        </main>
        <section id="thread" aria-label="Thread" hidden>
          <header>
            <h2>Thread</h2>
            <span id="thread-place"></span>
            <button type="button" id="close" aria-label="Close thread">✕</button>
          </header>
          <div id="replies"></div>
          <form id="reply-form" class="composer" autocomplete="off">
            <label for="reply" class="hidden">Reply</label>
            <input id="reply" name="reply" maxlength="40000" placeholder="Reply…">
            <button type="submit" aria-label="Send reply">➤</button>
          </form>
        </section>
        <dialog id="modal" aria-labelledby="modal-title">
          <form id="modal-form" novalidate autocomplete="off">
            <header>
              <div class="avatar app" data-hue="app" aria-hidden="true">🚀</div>
              <h2 id="modal-title"></h2>
              <button type="button" id="modal-close" aria-label="Close">✕</button>
            </header>
            <div id="modal-problem" class="trouble" role="alert" hidden></div>
            <div id="modal-body"></div>
            <footer>
              <button type="button" id="modal-cancel" class="control plain">Cancel</button>
              <button type="submit" id="modal-submit" class="control primary">Submit</button>
            </footer>
          </form>
        </dialog>
        <dialog id="confirm" aria-labelledby="confirm-title"></dialog>
        <p id="announcer" class="hidden" aria-live="polite"></p>
        </body>
        </html>
        """#

    static let icon = #"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
        <rect width="32" height="32" rx="7" fill="#3b1d46"/>
        <path d="M16 4c5 4 6 9 5 15l3 4-5-1q-3 2-6 0l-5 1 3-4C10 13 11 8 16 4z" fill="#fff"/>
        <circle cx="16" cy="13" r="2.4" fill="#d6457b"/>
        </svg>
        """#
}
