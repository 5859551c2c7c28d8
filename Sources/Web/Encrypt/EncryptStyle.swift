/// What the page for encrypting has besides the other pages' style.
enum EncryptStyle {
    static let text = #"""
        main, .top { max-width: 46rem; }
        main { padding-bottom: 3rem; }
        .top p { margin: .5rem 0 0; }
        h2 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
        code { font-family: var(--mono); font-size: .9em; overflow-wrap: anywhere; }
        .faint { color: var(--faint); font-size: .9rem; }
        .notice { background: var(--linked); border-radius: 6px; padding: .6rem .9rem; }
        .field { display: grid; gap: .2rem; margin: 1rem 0; }
        .field label, legend { font-weight: 600; padding: 0; }
        input[type=text], textarea {
          background: var(--raised); border: 1px solid var(--line); border-radius: 6px; color: inherit; min-width: 0;
          line-height: 1.5; padding: .45rem .6rem; width: 100%;
        }
        textarea, #name { font-family: var(--mono); font-size: 13px; }
        input[type=text] { height: 2.5rem; }
        textarea { display: block; resize: vertical; }
        [aria-invalid=true] { border-color: var(--bad) !important; }
        fieldset { border: 0; margin: 1rem 0; min-width: 0; padding: 0; }
        .scope { align-items: baseline; display: flex; gap: .5rem; padding: .2rem 0; }
        .scope strong { font-weight: 500; }
        .scope .faint { display: block; }
        .button { padding: .4rem .9rem; }
        .primary {
          background: var(--link); border-color: var(--link); color: light-dark(#ffffff, #14161a); font-weight: 600;
        }
        .primary:hover { filter: brightness(1.1); }
        #line { margin: .5rem 0; word-break: break-all; max-height: 20rem; overflow: auto; user-select: all; }
        #remark { color: var(--faint); font-size: .9rem; }
        """#
}
