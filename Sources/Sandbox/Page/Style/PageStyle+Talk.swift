extension PageStyle {
    /// The channel, its messages, the thread, and the lines in which people write.
    static let talk = #"""
        main, #thread { display: flex; flex-direction: column; min-width: 0; height: 100vh; height: 100dvh; }
        main > header, #thread > header {
          display: flex; align-items: center; gap: .75rem; border-bottom: 1px solid var(--line);
          padding: .6rem 1.25rem;
          min-height: 3.3rem;
        }
        header h2 { font-size: 1.1rem; margin: 0; white-space: nowrap; }
        #state { margin: 0 0 0 auto; font-size: .8rem; color: var(--soft); white-space: nowrap; }
        #state.live::before { content: "●"; color: #2bac76; margin-right: .35rem; }
        #tabs { display: flex; gap: .25rem; }
        #tabs button {
          border: 0; background: none; padding: .25rem .6rem; border-radius: 6px; color: var(--soft);
          font-size: .88rem;
        }
        #tabs button:hover { background: var(--hover); }
        #tabs [aria-selected="true"] {
          color: var(--text); font-weight: 700; box-shadow: inset 0 -2px var(--accent);
          border-radius: 6px 6px 0 0;
        }
        #talk { flex: 1; display: flex; flex-direction: column; min-height: 0; }
        #messages { flex: 1; overflow-y: auto; padding: .75rem 0 .5rem; overflow-anchor: none; }
        #messages:focus-visible { outline: 0; box-shadow: inset 0 0 0 2px var(--accent); }
        #empty { flex: 1; color: var(--soft); padding: 1.5rem 1.25rem; }
        #empty p { margin: 0 0 .4rem; }
        #home {
          flex: 1; overflow-y: auto; padding: 1.25rem max(1.25rem, calc(50% - 24rem)) 3rem;
          overflow-wrap: anywhere;
        }
        .quiet { color: var(--soft); }

        .message {
          display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 0 .6rem; padding: .45rem 1.25rem;
          position: relative;
        }
        .message:hover { background: var(--hover); }
        .message.follows { padding-top: .3rem; padding-bottom: .35rem; }
        .message.follows > .avatar { visibility: hidden; height: 0; }
        .message.follows .head { position: absolute; left: 0; width: 3.45rem; text-align: right; opacity: 0; }
        .message.follows:hover .head { opacity: 1; }
        .message.follows .head > :not(.when) { display: none; }
        .message.private { background: var(--private); }
        .message.tombstone { color: var(--soft); }
        .who { font-weight: 700; }
        .app-mark {
          font-size: .62rem; font-weight: 600; background: var(--line); color: var(--soft);
          padding: .05rem .25rem;
          border-radius: 3px; margin-left: .3rem; vertical-align: middle;
        }
        .when, .edited { color: var(--soft); font-size: .75rem; font-weight: 400; }
        .when { margin-left: .4rem; }
        .follows .when { margin: 0; font-size: .68rem; line-height: 1.9; }
        .only { color: var(--soft); font-size: .78rem; }
        .dismiss { border: 0; background: none; color: var(--accent); padding: 0 .5rem; font-size: .78rem; }
        .dismiss:hover { text-decoration: underline; }
        .day {
          display: flex; align-items: center; gap: .75rem; margin: .4rem 0; font-size: .78rem;
          font-weight: 700;
        }
        .day::before, .day::after, .count-line::after {
          content: ""; flex: 1; height: 1px; background: var(--line);
        }
        .day span { border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .75rem; }
        .replies-link {
          display: flex; align-items: center; gap: .4rem; border: 1px solid transparent; border-radius: 6px;
          background: none;
          margin: .2rem 0 0 -.3rem; padding: .15rem .5rem .15rem .25rem; font-size: .8rem; max-width: 100%;
        }
        .replies-link:hover { border-color: var(--line); background: var(--page); }
        .replies-link .avatar { width: 22px; height: 22px; border-radius: 5px; font-size: 12px; }
        .replies-link .count { color: var(--accent); font-weight: 700; white-space: nowrap; }
        .replies-link .last {
          color: var(--soft); white-space: nowrap; overflow: hidden; text-overflow: ellipsis;
        }

        .composer {
          display: flex; gap: .5rem; margin: .25rem 1.25rem 1.25rem; border: 1px solid var(--border);
          border-radius: 8px;
          padding: .35rem; background: var(--page);
        }
        .composer:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
        .composer input {
          flex: 1; min-width: 0; border: 0; outline: 0; background: none; padding: .3rem .4rem;
        }
        .composer button {
          border: 0; border-radius: 6px; width: 2.2rem; background: var(--green); color: #fff;
          font-size: 1rem; flex: none;
        }
        .composer:has(input:placeholder-shown) button { background: none; color: var(--soft); }

        #thread { width: min(27rem, 40vw); border-left: 1px solid var(--line); background: var(--page); }
        #thread-place {
          color: var(--soft); font-size: .82rem; overflow: hidden; text-overflow: ellipsis;
          white-space: nowrap;
        }
        #close {
          margin-left: auto; border: 0; background: none; color: var(--soft); font-size: 1.05rem;
          padding: .2rem .5rem; border-radius: 6px;
        }
        #close:hover, #modal-close:hover { background: var(--hover); }
        #replies { flex: 1; overflow-y: auto; padding: .5rem 0; }
        #reply-form { margin: .25rem 1rem 1rem; }
        .count-line {
          display: flex; align-items: center; gap: .75rem; margin: .3rem 1.25rem; color: var(--soft);
          font-size: .8rem;
        }

        .file {
          border: 1px solid var(--line); border-radius: 8px; margin-top: .4rem; max-width: 42rem;
          overflow: hidden; background: var(--page);
        }
        .file-head { display: flex; align-items: center; gap: .6rem; padding: .5rem .75rem; }
        .file-head > div { flex: 1; min-width: 0; }
        .file-icon { font-size: 1.4rem; }
        .file-name {
          display: block; font-weight: 700; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
        }
        .file small { color: var(--soft); }
        .preview {
          font: .78rem/1.5 var(--mono); margin: 0; padding: .5rem .75rem; border-top: 1px solid var(--line);
          background: var(--code-page); overflow-x: auto; white-space: pre; tab-size: 4;
        }
        .preview.whole { max-height: 24rem; overflow-y: auto; }
        .more {
          border: 0; border-top: 1px solid var(--line); background: none; color: var(--accent); width: 100%;
          text-align: left; padding: .3rem .75rem; font-size: .8rem;
        }

        """#
}
