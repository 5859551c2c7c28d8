extension PageStyle {
    /// Block Kit and mrkdwn.
    static let blocks = #"""
        .body, #modal-body { overflow-wrap: anywhere; }
        .text, pre, .problem { white-space: pre-wrap; unicode-bidi: plaintext; }
        .text > pre, .text > blockquote { white-space: pre-wrap; }
        .block { margin: 0 0 .4rem; }
        .block:last-child { margin-bottom: 0; }
        .head + .body > .block:first-child { margin-top: 0; }
        h3.header { font-size: 1.15rem; line-height: 1.35; margin: .35rem 0 .35rem; }
        hr.block { border: 0; border-top: 1px solid var(--line); margin: .6rem 0; width: 100%; }
        .section { display: flex; flex-wrap: wrap; gap: .35rem .75rem; align-items: flex-start; }
        .body .block { max-width: 46rem; }
        .section > .words { flex: 1 1 16rem; min-width: 0; }
        .section > .accessory { flex: none; max-width: 100%; }
        .section > .accessory:not(.image) { margin: -.15rem 0; }
        .fields {
          display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .35rem 1rem;
          margin-top: .15rem; max-width: 46rem;
        }
        .context {
          color: var(--soft); font-size: .82rem; display: flex; flex-wrap: wrap; gap: .1rem .6rem;
          align-items: center;
        }
        .context > .text { min-width: 0; }
        .context .picture { max-width: 20px; max-height: 20px; border-radius: 3px; }
        .picture { max-width: 100%; color: var(--soft); }
        .accessory .picture { max-width: 5rem; max-height: 5rem; border-radius: 6px; }
        figure { margin: 0; }
        figcaption { font-size: .82rem; color: var(--soft); }
        .unsupported {
          border: 1px dashed var(--red); border-radius: 6px; padding: .2rem .5rem; color: var(--red);
          font-size: .82rem;
        }
        .body a:not(.control), .text a, #home a:not(.control) { color: var(--accent); text-decoration: none; }
        .body a:not(.control):hover, .text a:hover { text-decoration: underline; }
        code, .text code {
          font: .8em/1.4 var(--mono); color: var(--code); background: var(--code-page);
          border: 1px solid var(--line);
          border-radius: 3px; padding: .08rem .25rem; -webkit-box-decoration-break: clone;
          box-decoration-break: clone;
          unicode-bidi: isolate;
        }
        .text pre, .rich pre {
          font: .8rem/1.5 var(--mono); background: var(--code-page); border: 1px solid var(--line);
          border-radius: 5px;
          padding: .5rem .6rem; margin: .3rem 0; white-space: pre-wrap; tab-size: 4;
        }
        blockquote {
          margin: .15rem 0; padding-left: .75rem; border-left: 4px solid var(--line); color: var(--text);
          white-space: pre-wrap;
        }
        .mention {
          color: var(--accent); background: var(--mention); border: 0; border-radius: 3px; padding: 0 .15rem;
          unicode-bidi: isolate; white-space: nowrap;
        }
        .text a, time { unicode-bidi: isolate; }
        .mention.me, .mention.broadcast { background: var(--me); }
        button.mention { font: inherit; }
        button.mention:hover { text-decoration: underline; }
        .emoji { font-style: normal; }
        .rich ul, .rich ol { margin: .1rem 0; padding-left: 1.6rem; }
        .rich .indent1 { margin-left: 1.4rem; }
        .rich .indent2 { margin-left: 2.8rem; }
        mark { background: var(--me); color: inherit; }

        """#
}
