enum PageStyle {
    static let text = #"""
        :root {
          --side: #3b1d46; --side-text: #d9c9e0; --accent: #1164a3; --green: #007a5a; --line: #e3e1e4;
          --text: #1d1c1d; --soft: #616061; --page: #fff; --hover: #f8f8f8; --code: #c0123c; --code-page: #f6f5f6;
          --private: #fdf9ee;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --side: #241129; --accent: #5eb3f6; --green: #148567; --line: #393c40; --text: #d7d8d9; --soft: #a0a2a5;
            --page: #1a1d21; --hover: #222529; --code: #f0859b; --code-page: #26292d; --private: #2b281d;
          }
        }
        * { box-sizing: border-box; }
        html, body { height: 100%; margin: 0; }
        body {
          display: grid; grid-template-columns: 15rem minmax(0, 1fr) auto; color: var(--text); background: var(--page);
          font: 15px/1.47 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
        }
        .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .side { background: var(--side); color: var(--side-text); padding: 1rem .75rem; overflow-y: auto; }
        .side h1 { color: #fff; font-size: 1.15rem; margin: 0 .5rem 1.25rem; }
        .side h1 span { font-weight: 400; opacity: .7; }
        .side h2 { font-size: .8rem; font-weight: 600; margin: 1.5rem .5rem .25rem; opacity: .8; }
        .channel { display: block; background: var(--accent); color: #fff; padding: .2rem .6rem; border-radius: 6px; }
        @media (prefers-color-scheme: dark) { .channel { background: #1164a3; } }
        .channel::before { content: "# "; opacity: .8; }
        .tries button {
          display: block; width: 100%; text-align: left; border: 0; border-radius: 6px; padding: .25rem .5rem;
          background: none; color: inherit; font: .85rem/1.4 ui-monospace, "DejaVu Sans Mono", monospace; cursor: pointer;
        }
        .tries button:hover, .tries button:focus-visible { background: #ffffff22; color: #fff; }
        main { display: flex; flex-direction: column; min-width: 0; height: 100vh; height: 100dvh; }
        main > header, #thread > header {
          display: flex; align-items: center; justify-content: space-between; border-bottom: 1px solid var(--line);
          padding: .75rem 1.25rem; min-height: 3.3rem;
        }
        header h2 { font-size: 1.1rem; margin: 0; }
        #state { margin: 0; font-size: .8rem; color: var(--soft); }
        #state.live::before { content: "●"; color: #2bac76; margin-right: .35rem; }
        #messages { flex: 1; overflow-y: auto; padding: 1rem 0 .5rem; outline: none; }
        .empty { color: var(--soft); padding: 0 1.25rem; }
        .message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: .1rem .65rem; padding: .45rem 1.25rem; }
        .message:hover { background: var(--hover); }
        .message.private { background: var(--private); }
        .avatar {
          width: 36px; height: 36px; border-radius: 8px; display: grid; place-items: center; font-size: 20px;
          background: linear-gradient(135deg, #6f3aa8, #d6457b);
        }
        .avatar.you { background: linear-gradient(135deg, #1164a3, #2bac76); color: #fff; font-size: 15px; font-weight: 700; }
        .who { font-weight: 700; }
        .app-mark { font-size: .62rem; background: var(--line); color: var(--soft); padding: .05rem .25rem; border-radius: 3px; margin-left: .3rem; vertical-align: middle; }
        .when, .edited, .only { color: var(--soft); font-size: .75rem; margin-left: .4rem; font-weight: 400; }
        .only { display: block; margin: 0; }
        .body { overflow-wrap: anywhere; }
        .body .section { white-space: pre-wrap; }
        .body .context { color: var(--soft); font-size: .82rem; margin-top: .15rem; }
        .body a { color: var(--accent); text-decoration: none; }
        .body a:hover { text-decoration: underline; }
        .body code { font: .82em ui-monospace, "DejaVu Sans Mono", monospace; color: var(--code); background: var(--code-page); border: 1px solid var(--line); border-radius: 3px; padding: .05rem .2rem; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
        .body pre { font: .8rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; background: var(--code-page); border: 1px solid var(--line); border-radius: 5px; padding: .5rem; margin: .25rem 0; white-space: pre-wrap; }
        .mention { color: var(--accent); background: #1d9bd11a; border-radius: 3px; padding: 0 .15rem; }
        .actions { margin-top: .4rem; display: flex; gap: .5rem; flex-wrap: wrap; }
        .actions button { border: 1px solid var(--line); border-radius: 6px; padding: .25rem .75rem; font: 700 .85rem system-ui, sans-serif; background: var(--page); color: var(--text); cursor: pointer; }
        .actions button.primary { background: var(--green); border-color: var(--green); color: #fff; }
        .actions button:disabled { opacity: .5; cursor: default; }
        .replies-link { border: 0; background: none; padding: .2rem 0; color: var(--accent); font: 700 .8rem system-ui, sans-serif; cursor: pointer; }
        .replies-link:hover { text-decoration: underline; }
        #composer { display: flex; gap: .5rem; margin: .25rem 1.25rem 1.25rem; border: 1px solid var(--soft); border-radius: 8px; padding: .35rem; }
        #composer:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
        #line { flex: 1; min-width: 0; border: 0; outline: 0; background: none; color: inherit; font: inherit; padding: .3rem .4rem; }
        #composer button { border: 0; border-radius: 6px; width: 2.2rem; background: var(--green); color: #fff; font-size: 1rem; cursor: pointer; }
        #thread { width: min(26rem, 40vw); border-left: 1px solid var(--line); display: flex; flex-direction: column; height: 100vh; height: 100dvh; background: var(--page); }
        #thread[hidden] { display: none; }
        #replies { overflow-y: auto; padding: .5rem 0; }
        #close { border: 0; background: none; color: var(--soft); font-size: 1.1rem; cursor: pointer; }
        @media (max-width: 760px) {
          body { grid-template-columns: minmax(0, 1fr); }
          .side { display: none; }
          #thread { position: fixed; inset: 0; width: 100%; border: 0; z-index: 1; }
          .message, main > header { padding-left: .75rem; padding-right: .75rem; }
          #composer { margin: .25rem .75rem .75rem; }
        }
        """#
}
