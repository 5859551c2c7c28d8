extension PageStyle {
    /// What can be pressed and filled in, and the windows that lie above the rest.
    static let controls = #"""
        .actions { display: flex; gap: .5rem; flex-wrap: wrap; margin-top: .35rem; align-items: flex-start; }
        .control {
          display: inline-block; border: 1px solid var(--border); border-radius: 8px; padding: .22rem .7rem;
          font: 700 .82rem/1.45 var(--sans);
          background: var(--page); color: var(--text); text-decoration: none; max-width: 100%;
          overflow-wrap: anywhere; text-align: center;
        }
        .control.plain:hover { background: var(--hover); box-shadow: 0 1px 2px #0002; }
        .control.primary { background: var(--green); border-color: var(--green); color: #fff; }
        .control.danger { background: var(--red); border-color: var(--red); color: #fff; }
        .control.primary:hover, .control.danger:hover { filter: brightness(1.08); }
        .control.outside::after { content: "↗"; font-weight: 400; margin-left: .35rem; opacity: .8; }
        .control.overflow { padding: .22rem .55rem; }
        .control[aria-busy] {
          opacity: .65; transform: translateY(1px); box-shadow: inset 0 1px 3px #0005; cursor: default;
        }
        .control[aria-busy]::before {
          content: ""; display: inline-block; width: .7em; height: .7em; margin-right: .45em;
          border-radius: 50%;
          border: 2px solid currentColor; border-right-color: transparent;
          animation: turn .8s linear infinite;
        }
        @keyframes turn { to { transform: rotate(360deg); } }
        @media (prefers-reduced-motion: reduce) { .control[aria-busy]::before { animation: none; } }
        .menu-place { position: relative; display: inline-block; }
        .menu {
          position: absolute; left: 0; top: calc(100% + .25rem); z-index: 2; min-width: 11rem;
          max-width: min(20rem, 80vw); padding: .3rem 0;
          background: var(--raised); border: 1px solid var(--line); border-radius: 8px;
          box-shadow: 0 6px 24px #0003;
        }
        .menu.leftwards { left: auto; right: 0; }
        .menu.upwards { top: auto; bottom: calc(100% + .25rem); }
        .menu > * {
          display: block; width: 100%; border: 0; background: none; text-align: left; padding: .3rem .9rem;
          color: var(--text);
          font-size: .9rem; text-decoration: none;
        }
        .menu > :hover, .menu > :focus { background: var(--here); color: #fff; outline: 0; }
        .menu small { display: block; opacity: .75; }
        .field {
          border: 1px solid var(--border); border-radius: 6px; background: var(--page); padding: .4rem .6rem;
          max-width: 100%;
        }
        .actions .field, .accessory .field { padding: .2rem .5rem; font-size: .85rem; max-width: 16rem; }
        .input { margin: .6rem 0 1rem; }
        .input .label { display: block; font-weight: 700; margin-bottom: .3rem; }
        .input .optional { color: var(--soft); font-weight: 400; }
        .input .field { width: 100%; }
        textarea.field { min-height: 5.5rem; resize: vertical; }
        .hint, .problem { margin: .3rem 0 0; font-size: .82rem; color: var(--soft); }
        .problem { color: var(--red); }
        .problem::before { content: "⚠ "; }
        .bad .field { border-color: var(--red); box-shadow: 0 0 0 1px var(--red); }
        .options { display: flex; flex-direction: column; gap: .3rem; }
        .options label { display: flex; gap: .5rem; align-items: baseline; cursor: pointer; }
        .options small { display: block; color: var(--soft); }

        """#

    static let dialogs = #"""
        dialog {
          border: 0; border-radius: 10px; padding: 0; color: var(--text); background: var(--page);
          box-shadow: 0 18px 48px #0006;
          width: min(32.5rem, calc(100vw - 1.5rem)); max-height: min(44rem, calc(100dvh - 2rem));
        }
        dialog::backdrop { background: #000a; }
        dialog header { display: flex; align-items: center; gap: .75rem; padding: 1rem 1.25rem .75rem; }
        dialog header .avatar { width: 28px; height: 28px; border-radius: 6px; font-size: 16px; }
        dialog h2 { font-size: 1.2rem; margin: 0; flex: 1; white-space: normal; overflow-wrap: anywhere; }
        #modal-close {
          border: 0; background: none; color: var(--soft); font-size: 1.05rem; padding: .25rem .5rem;
          border-radius: 6px;
        }
        #modal-form { display: flex; flex-direction: column; max-height: inherit; }
        #modal-body { overflow-y: auto; padding: .25rem 1.25rem .5rem; }
        dialog footer {
          display: flex; justify-content: flex-end; gap: .75rem; padding: .9rem 1.25rem 1.1rem;
          border-top: 1px solid var(--line);
        }
        dialog footer .control { padding: .4rem .95rem; font-size: .9rem; }
        .trouble {
          margin: 0 1.25rem .75rem; padding: .5rem .75rem; border-radius: 6px; border: 1px solid var(--red);
          color: var(--text); background: color-mix(in srgb, var(--red) 10%, transparent);
          white-space: pre-wrap; overflow-wrap: anywhere;
        }
        #confirm { padding: 1.1rem 1.25rem 0; width: min(27rem, calc(100vw - 1.5rem)); }
        #confirm .text { margin: .5rem 0 .25rem; overflow-wrap: anywhere; }
        #confirm footer { padding: .9rem 0 1.1rem; border: 0; }

        """#
}
