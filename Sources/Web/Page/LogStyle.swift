/// The log page's style, for light and dark screens of any width.
enum LogStyle {
    static let text = [base, header, log, colours].joined(separator: "\n")

    private static let base = #"""
        :root {
          color-scheme: light dark;
          --page: light-dark(#ffffff, #14161a); --raised: light-dark(#f5f6f8, #1c1f25);
          --line: light-dark(#dde0e5, #31353d); --text: light-dark(#1d2127, #e3e6ea); --faint: light-dark(#646b76, #959ca8);
          --link: light-dark(#0b5cc4, #77b3ff); --good: light-dark(#157a3c, #4cc38a); --bad: light-dark(#c2251d, #ff7b72);
          --busy: light-dark(#8a5a00, #e8b339); --mark: light-dark(#ffe58a, #6b5300); --now: light-dark(#ffb84d, #b36b00);
          --linked: light-dark(#fff6d6, #3a3114);
          --mono: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }
        * { box-sizing: border-box; }
        html { scroll-padding-top: calc(var(--bar, 3rem) + 2.5rem); }
        body { background: var(--page); color: var(--text); font: 15px/1.45 system-ui, sans-serif; margin: 0; }
        main, .top { margin: 0 auto; max-width: 90rem; padding: 0 1.5rem; }
        a { color: var(--link); text-decoration: none; }
        a:hover { text-decoration: underline; }
        button, input { color: inherit; font: inherit; }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
        [hidden] { display: none !important; }
        .button {
          background: var(--raised); border: 1px solid var(--line); border-radius: 6px; color: var(--text); cursor: pointer;
          padding: .2rem .6rem; white-space: nowrap;
        }
        .button:hover { border-color: var(--faint); text-decoration: none; }
        .button:disabled { cursor: default; opacity: .5; }
        .unseen { clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }
        """#

    private static let header = #"""
        .top { padding-bottom: .75rem; padding-top: 1.25rem; }
        h1 { align-items: baseline; display: flex; flex-wrap: wrap; font-size: 1.25rem; gap: .25rem .6rem; line-height: 1.3; margin: 0; }
        .badge {
          border: 1px solid var(--line); border-radius: 99px; color: var(--faint); font-size: .8rem; font-weight: 600;
          padding: 0 .6rem;
        }
        .badge.prod { background: #b3261e; border-color: #b3261e; color: #fff; letter-spacing: .04em; }
        .status { align-items: baseline; display: flex; flex-wrap: wrap; gap: .1rem .75rem; margin: .5rem 0 0; }
        #state { font-weight: 600; overflow-wrap: anywhere; }
        #state::before { content: "●"; margin-right: .45rem; }
        [data-state=waiting] #state::before { color: var(--faint); content: "○"; }
        [data-state=running] #state::before { animation: breathe 1.6s ease-in-out infinite; color: var(--busy); }
        [data-state=good] #state::before { color: var(--good); content: "✓"; }
        [data-state=bad] #state { color: var(--bad); }
        [data-state=bad] #state::before { content: "✗"; }
        [data-state=quiet] #state::before { color: var(--faint); content: "–"; }
        @keyframes breathe { 50% { opacity: .25; } }
        @media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
        #elapsed, #live { color: var(--faint); font-variant-numeric: tabular-nums; }
        #live::before { color: var(--faint); content: "●"; font-size: .7em; margin-right: .35rem; vertical-align: .12em; }
        #live:empty { display: none; }
        [data-live=on] #live::before { color: var(--good); }
        #detail { margin: .25rem 0 0; overflow-wrap: anywhere; }
        #sites { display: flex; flex-wrap: wrap; gap: 0 1rem; }
        #facts { color: var(--faint); display: flex; flex-wrap: wrap; font-size: .9rem; gap: .1rem 1rem; margin: .4rem 0 0; }
        #facts > * { max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        #facts .commit, #facts .code { font-family: var(--mono); font-size: .85em; line-height: 1.7; }
        #empty { color: var(--faint); padding: 2rem 0; text-align: center; }
        #notice { background: var(--linked); border-radius: 6px; margin: .5rem 0; padding: .4rem .75rem; }
        pre { background: var(--raised); border-radius: 6px; font: 13px/1.5 var(--mono); overflow-wrap: anywhere; padding: 1rem; white-space: pre-wrap; }
        .person { color: var(--faint); float: right; font-size: .9rem; margin: 0; }
        .person form { display: inline; }
        .person button { background: none; border: 0; color: var(--link); cursor: pointer; padding: 0 0 0 .5rem; }
        """#

    private static let log = #"""
        #bar {
          align-items: center; background: var(--page); border-bottom: 1px solid var(--line); display: flex; flex-wrap: wrap;
          gap: .4rem; padding: .5rem 0; position: sticky; top: 0; z-index: 2;
        }
        #short { display: flex; flex: 1 0 100%; gap: .6rem; min-width: 0; white-space: nowrap; }
        #short-title { display: flex; gap: .4rem; }
        #short-state { color: var(--faint); overflow: hidden; text-overflow: ellipsis; }
        #tabs { display: flex; flex: 1 0 100%; gap: .3rem; overflow-x: auto; scrollbar-width: thin; }
        .tab { background: none; border: 0; border-bottom: 2px solid transparent; cursor: pointer; padding: .15rem .5rem; white-space: nowrap; }
        .tab[aria-selected=true] { border-color: var(--link); font-weight: 600; }
        .tab::before { content: "●"; font-size: .7em; margin-right: .35rem; vertical-align: .12em; }
        .tab[data-state=running]::before { color: var(--busy); }
        .tab[data-state=good]::before { color: var(--good); }
        .tab[data-state=bad]::before { color: var(--bad); }
        .tab[data-state=quiet]::before { color: var(--faint); }
        #search {
          background: var(--raised); border: 1px solid var(--line); border-radius: 6px; flex: 1 1 9rem; max-width: 24rem; min-width: 0;
          padding: .2rem .6rem;
        }
        #search.vain { border-color: var(--bad); }
        #count { color: var(--faint); font-variant-numeric: tabular-nums; min-width: 5.5rem; }
        .space { flex: 1; }
        .log { padding: .5rem 0 5rem; }
        .step { border-bottom: 1px solid var(--line); }
        .head {
          align-items: baseline; background: none; border: 0; cursor: pointer; display: flex; gap: .6rem; padding: .35rem .25rem;
          text-align: left; width: 100%;
        }
        .head[aria-expanded=true] { background: var(--page); position: sticky; top: var(--bar, 3rem); z-index: 1; }
        .head:hover:enabled { background: var(--raised); }
        .head:disabled { cursor: default; }
        .head .icon { color: var(--faint); flex: none; text-align: center; width: 1.1rem; }
        [data-state=done] > .head .icon::before { color: var(--good); content: "✓"; }
        [data-state=cached] > .head .icon::before { content: "✓"; }
        [data-state=failed] > .head .icon::before { color: var(--bad); content: "✗"; }
        [data-state=running] > .head .icon::before { animation: breathe 1.6s ease-in-out infinite; color: var(--busy); content: "●"; }
        [data-state=cancelled] > .head .icon::before, [data-state=stopped] > .head .icon::before { content: "–"; }
        .head .name { font: 13px/1.5 var(--mono); min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .head[aria-expanded=true] .name { overflow-wrap: anywhere; white-space: normal; }
        .step[data-state=failed] .name { color: var(--bad); }
        .head .cached { border-radius: 99px; color: var(--faint); font-size: .8rem; margin-left: auto; }
        .head .spent { color: var(--faint); flex: none; font-size: .85rem; font-variant-numeric: tabular-nums; min-width: 3.5rem; text-align: right; }
        .head.linked, .head.linked[aria-expanded=true] { background: var(--linked); }
        .body { padding: .1rem 0 .5rem; }
        .chunk { contain: layout style; overflow-anchor: auto; }
        .row { display: flex; font: 13px/20px var(--mono); min-height: 20px; }
        .row:hover { background: var(--raised); }
        .row.linked { background: var(--linked); }
        .row.current { box-shadow: inset 3px 0 var(--now); }
        .row.error { color: var(--bad); }
        .number { color: var(--faint); flex: none; padding-right: 1rem; text-align: right; user-select: none; width: 4.75rem; }
        .text { flex: 1; min-width: 0; overflow-wrap: anywhere; tab-size: 8; unicode-bidi: isolate; white-space: pre-wrap; }
        .moment { color: var(--faint); flex: none; font-size: 11px; opacity: .7; padding-left: .75rem; user-select: none; }
        mark { background: var(--mark); border-radius: 2px; color: inherit; }
        .current mark { background: var(--now); }
        #jump { bottom: 1rem; box-shadow: 0 2px 10px #0004; position: fixed; right: 1.25rem; z-index: 3; }
        @media (max-width: 700px) {
          main, .top { padding-left: .75rem; padding-right: .75rem; }
          .moment, #count:empty, .wide { display: none; }
          .number { padding-right: .6rem; width: 3.2rem; }
          .row { font-size: 12px; }
          #count { min-width: 0; }
          #count:not(:empty) ~ #fold { display: none; }
          .head .name { font-size: 12px; }
          .head .spent { min-width: 0; }
          .space { display: none; }
        }
        @media print { #bar, #jump { display: none; } }
        """#

    /// The 16 colours of terminals, readable on the page's own ground.
    private static let colours = #"""
        .bold { font-weight: 700; } .dim { opacity: .65; } .italic { font-style: italic; }
        .underline { text-decoration: underline; } .struck { text-decoration: line-through; }
        .underline.struck { text-decoration: underline line-through; }
        .ffront { color: var(--text); } .fback { color: var(--page); } .bfront { background: var(--text); } .bback { background: var(--page); }
        :root {
          --c0: light-dark(#24292f, #6e7681); --c1: light-dark(#b3261e, #ff8078); --c2: light-dark(#116329, #56d364);
          --c3: light-dark(#7a5200, #e3b341); --c4: light-dark(#0550ae, #79c0ff); --c5: light-dark(#8250df, #d2a8ff);
          --c6: light-dark(#0f6e84, #56d4dd); --c7: light-dark(#57606a, #c9d1d9); --c8: light-dark(#57606a, #8b949e);
          --c9: light-dark(#d1242f, #ffa198); --c10: light-dark(#1a7f37, #7ee787); --c11: light-dark(#8a6100, #f2cc60);
          --c12: light-dark(#0969da, #a5d6ff); --c13: light-dark(#9a4fd8, #e2c5ff); --c14: light-dark(#15808f, #8be9f0);
          --c15: light-dark(#6e7781, #ffffff);
        }
        """# + (0..<16).map { ".b\($0) { background: var(--c\($0)); color: var(--page); }" }.joined(separator: "\n")
        + (0..<16).map { "\n.f\($0) { color: var(--c\($0)); }" }.joined()
}
