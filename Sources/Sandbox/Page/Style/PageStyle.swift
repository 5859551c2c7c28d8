/// The page's look, written down by subject.
enum PageStyle {
    static let text = [base, side, talk, blocks, controls, dialogs, narrow].joined()

    private static let base = #"""
        :root {
          color-scheme: light dark;
          --side: #3b1d46; --side-text: #d9c9e0; --here: #1164a3; --accent: #1264a3; --green: #007a5a;
          --red: #e01e5a;
          --line: #e3e1e4; --text: #1d1c1d; --soft: #616061; --page: #fff; --hover: #f8f8f8; --code: #c0123c;
          --code-page: #f6f5f6; --private: #fdf9ee; --mention: #1d9bd11a; --me: #f2c74466; --raised: #fff;
          --border: #8d8a8e;
          --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
          --sans: system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --side: #241129; --accent: #6cb8f5; --green: #148567; --red: #d63864; --line: #393c40;
            --text: #d7d8d9;
            --soft: #a9abad; --page: #1a1d21; --hover: #222529; --code: #f0859b; --code-page: #26292d;
            --private: #2b281d; --mention: #1d9bd130; --me: #f2c74440; --raised: #222529; --border: #75777a;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        html, body { height: 100%; margin: 0; }
        body {
          display: grid; grid-template-columns: 15rem minmax(0, 1fr) auto; color: var(--text);
          background: var(--page);
          font: 15px/1.47 var(--sans); overflow: hidden;
        }
        button, input, select, textarea { font: inherit; color: inherit; }
        button { cursor: pointer; }
        button:disabled { cursor: default; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
        .hidden {
          position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
          white-space: nowrap;
          margin: 0; padding: 0; border: 0;
        }
        .avatar {
          width: 36px; height: 36px; border-radius: 8px; display: grid; place-items: center; font-size: 15px;
          font-weight: 700; color: #fff; background: #5b6770; flex: none;
        }
        .avatar[data-hue="0"] { background: linear-gradient(135deg, #1164a3, #2bac76); }
        .avatar[data-hue="1"] { background: linear-gradient(135deg, #b3541e, #e0a32e); }
        .avatar[data-hue="2"] { background: linear-gradient(135deg, #2f6f4f, #7fb069); }
        .avatar[data-hue="3"] { background: linear-gradient(135deg, #7d3c98, #c39bd3); }
        .avatar.app { background: linear-gradient(135deg, #6f3aa8, #d6457b); font-size: 20px; }

        """#

    private static let side = #"""
        .side {
          background: var(--side); color: var(--side-text); padding: 1rem .75rem; overflow-y: auto;
          display: flex;
          flex-direction: column; min-height: 0;
        }
        .side h1 { color: #fff; font-size: 1.15rem; margin: 0 .5rem .5rem; }
        .side h1 span { font-weight: 400; opacity: .7; }
        .side h2, .side legend {
          font-size: .8rem; font-weight: 600; margin: 1.1rem .5rem .25rem; opacity: .85; padding: 0;
        }
        .place, .tries button {
          display: flex; align-items: center; gap: .4rem; width: 100%; text-align: left; border: 0;
          border-radius: 6px;
          padding: .2rem .5rem; background: none;
        }
        .place:hover, .tries button:hover, .member:hover { background: #ffffff1f; color: #fff; }
        .side :focus-visible { outline-color: #fff; }
        .place .sign { opacity: .8; width: 1.1rem; text-align: center; flex: none; }
        .place .avatar { width: 20px; height: 20px; border-radius: 5px; font-size: 11px; }
        .place-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: 1; }
        .place.unread { color: #fff; font-weight: 700; }
        .place[aria-current] { background: var(--here); color: #fff; }
        .badge { background: #e01e5a; color: #fff; border-radius: 1rem; font-size: .7rem; padding: 0 .45rem; }
        .tries button { font: .82rem/1.4 var(--mono); padding: .25rem .5rem; }
        .side fieldset { border: 0; margin: auto 0 0; padding: 0; min-width: 0; }
        .member {
          display: flex; align-items: center; gap: .5rem; padding: .2rem .5rem; border-radius: 6px;
          cursor: pointer;
        }
        .member .avatar { width: 22px; height: 22px; border-radius: 5px; font-size: 11px; opacity: .75; }
        .member:has(:checked) { background: #ffffff2b; color: #fff; font-weight: 700; }
        .member:has(:checked) .avatar { opacity: 1; }
        .member:has(:focus-visible) { outline: 2px solid #fff; }

        """#

    private static let narrow = #"""
        #side-opener { display: none; border: 0; background: none; font-size: 1.2rem; padding: 0 .35rem; }
        @media (max-width: 760px) {
          body { grid-template-columns: minmax(0, 1fr); }
          #side-opener { display: block; }
          .side { display: none; }
          .with-side .side { display: flex; position: fixed; inset: 3.3rem 0 0 0; width: 100%; z-index: 3; }
          #thread { position: fixed; inset: 0; width: 100%; border: 0; z-index: 2; }
          .message, main > header, #thread > header { padding-left: .75rem; padding-right: .75rem; }
          .composer { margin: .25rem .75rem .75rem; }
          .section > .accessory { flex-basis: 100%; }
          .last, .message.follows .head { display: none; }
        }
        @media (max-height: 620px) { .tries { display: none; } }

        """#
}
