/// The sample app's page; `start.sh` fills in the words in double braces.
enum SamplePage {
    static let text = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>cats · {{env}}</title>
        <link rel="icon" href="data:,">
        <style>
          body {
            margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: center; gap: 1.5rem;
            font: 1.05rem/1.5 system-ui, "DejaVu Sans", sans-serif; color: #fdf6ec; text-align: center;
            background: radial-gradient(circle at 50% 20%, #4b3b78, #1b1633 70%);
          }
          body.prod { background: radial-gradient(circle at 50% 20%, #0f6b57, #08231f 70%); }
          h1 { font-size: clamp(2rem, 7vw, 3.5rem); margin: 0; letter-spacing: -.02em; }
          svg { width: min(60vw, 260px); }
          .eye { animation: blink 5s infinite; transform-origin: center; transform-box: fill-box; }
          .tail { animation: swish 3s ease-in-out infinite alternate; transform-origin: 190px 205px; }
          @keyframes blink { 0%, 94%, 100% { transform: scaleY(1); } 97% { transform: scaleY(.05); } }
          @keyframes swish { from { transform: rotate(-9deg); } to { transform: rotate(12deg); } }
          dl { display: grid; grid-template-columns: auto auto; gap: .2rem 1rem; text-align: left; margin: 0; opacity: .85; }
          dt { opacity: .7; } dd { margin: 0; font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
        </style>
        </head>
        <body class="{{env}}">
        <svg viewBox="0 0 260 260" role="img" aria-label="A cat">
          <path class="tail" d="M190 205c50 0 58-50 34-72" fill="none" stroke="#f2a65a" stroke-width="18" stroke-linecap="round"/>
          <ellipse cx="130" cy="195" rx="68" ry="50" fill="#f2a65a"/>
          <path d="M68 100 62 38l48 32M192 100l6-62-48 32" fill="#f2a65a"/>
          <circle cx="130" cy="112" r="66" fill="#f7b977"/>
          <ellipse class="eye" cx="106" cy="104" rx="9" ry="13" fill="#2b2140"/>
          <ellipse class="eye" cx="154" cy="104" rx="9" ry="13" fill="#2b2140"/>
          <path d="m122 128 8 8 8-8z" fill="#d9577b"/>
          <path d="M130 136c0 12-16 12-18 4m18-4c0 12 16 12 18 4" fill="none" stroke="#2b2140" stroke-width="3" stroke-linecap="round"/>
          <path d="M84 126l-36-6m36 16-36 6m128-16 36-6m-36 16 36 6" stroke="#fdf6ec" stroke-width="2.5" stroke-linecap="round"/>
        </svg>
        <h1>{{greeting}}</h1>
        <dl>
          <dt>environment</dt><dd>{{env}}</dd>
          <dt>commit</dt><dd>{{sha}}</dd>
          <dt>build</dt><dd>{{build}}</dd>
          <dt>pod</dt><dd>{{pod}}</dd>
        </dl>
        </body>
        </html>

        """#
}
