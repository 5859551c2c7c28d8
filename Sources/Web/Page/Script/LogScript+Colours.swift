extension LogScript {
    /// Colours of terminals (ECMA-48, section 8.3.117; 256 and 16 million colours as xterm has them) become classes.
    static let colours = #"""
        const sequences = /\x1b\[([\d;:]*)m/g;
        const plainText = text => text.includes("\x1b") ? text.replace(sequences, "") : text;

        /* Of 256 colours: 16 names, a cube of 6 by 6 by 6, and 24 greys. */
        function indexed(number) {
          if (number < 16) return { name: number };
          if (number >= 232) { const grey = 8 + 10 * (number - 232); return { rgb: [grey, grey, grey] }; }
          const level = value => value === 0 ? 0 : 55 + 40 * value;
          const cube = number - 16;
          return { rgb: [level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)] };
        }

        function extended(codes, index) {
          const byte = value => Math.min(255, Math.max(0, value || 0));
          if (codes[index + 1] === 5) return [indexed(byte(codes[index + 2])), 2];
          if (codes[index + 1] === 2) return [{ rgb: codes.slice(index + 2, index + 5).map(byte) }, 4];
          return [null, codes.length];
        }

        function apply(style, parameters) {
          /* With colons, an empty place may stand before red, green and blue. */
          const codes = parameters.replace(/([34]8):2::/g, "$1;2;").split(/[;:]/).map(Number);
          for (let index = 0; index < codes.length; index++) {
            const code = codes[index];
            if (code === 0) style = {};
            else if (code === 38 || code === 48) {
              const [colour, taken] = extended(codes, index);
              style = { ...style, [code === 38 ? "front" : "back"]: colour };
              index += taken;
            }
            else if (code === 39) style = { ...style, front: null };
            else if (code === 49) style = { ...style, back: null };
            else if (code >= 30 && code <= 37) style = { ...style, front: { name: code - 30 } };
            else if (code >= 90 && code <= 97) style = { ...style, front: { name: code - 82 } };
            else if (code >= 40 && code <= 47) style = { ...style, back: { name: code - 40 } };
            else if (code >= 100 && code <= 107) style = { ...style, back: { name: code - 92 } };
            else if (code === 22) style = { ...style, bold: false, dim: false };
            else if (kinds[code]) style = { ...style, [kinds[code]]: true };
            else if (code > 22 && kinds[code - 20]) style = { ...style, [kinds[code - 20]]: false };
          }
          return style;
        }
        const kinds = { 1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse", 9: "struck" };

        /* [text, style or null] in order. */
        function runs(text) {
          if (!text.includes("\x1b")) return [[text, null]];
          const found = [];
          let style = null, end = 0;
          for (const match of text.matchAll(sequences)) {
            if (match.index > end) found.push([text.slice(end, match.index), style]);
            style = apply(style || {}, match[1]);
            end = match.index + match[0].length;
          }
          if (end < text.length) found.push([text.slice(end), style]);
          return found;
        }

        function paint(node, style) {
          if (!style) return;
          let { front, back } = style;
          if (style.inverse) [front, back] = [back || { name: "back" }, front || { name: "front" }];
          if (front) front.rgb ? node.style.color = `rgb(${front.rgb.join(" ")})` : node.classList.add("f" + front.name);
          if (back) back.rgb ? node.style.backgroundColor = `rgb(${back.rgb.join(" ")})` : node.classList.add("b" + back.name);
          for (const kind of ["bold", "dim", "italic", "underline", "struck"]) if (style[kind]) node.classList.add(kind);
        }

        /* Fills a node with a line, what is searched for marked. */
        function fillText(node, text, plain) {
          const marks = query ? [...plain.matchAll(query)].map(match => [match.index, match.index + match[0].length]) : [];
          let position = 0;
          for (const [piece, style] of runs(text)) {
            for (const [part, isMarked] of cut(piece, position, marks)) {
              const isPlain = !isMarked && !(style && Object.values(style).some(Boolean));
              const child = isPlain ? document.createTextNode(part) : make(isMarked ? "mark" : "span", "", part);
              if (!isPlain && !isMarked) paint(child, style);
              node.append(child);
            }
            position += piece.length;
          }
        }

        function cut(piece, start, marks) {
          if (marks.length === 0) return [[piece, false]];
          const parts = [];
          let position = start;
          const end = start + piece.length;
          for (const [from, to] of marks) {
            if (to <= position || from >= end) continue;
            if (from > position) parts.push([piece.slice(position - start, from - start), false]);
            const last = Math.min(to, end);
            parts.push([piece.slice(Math.max(from, position) - start, last - start), true]);
            position = last;
          }
          if (position < end) parts.push([piece.slice(position - start), false]);
          return parts;
        }

        """#
}
