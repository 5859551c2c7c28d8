extension PageScript {
    /// Slack's mrkdwn (docs.slack.dev, "Formatting message text") as DOM nodes, never as HTML: nothing that somebody
    /// wrote can become markup.
    static let formatting = #"""
        const plain = text => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
        const isWord = character => character !== undefined && /[\p{L}\p{N}]/u.test(character);
        const isSpace = character => character === undefined || /[\s\u200B]/.test(character);
        const styles = { "*": "strong", "_": "em", "~": "s" };

        /** A text object of Block Kit. */
        function textNodes(object) {
          if (!object) return [];
          if (object.type === "mrkdwn") return formatted(object.text, object.verbatim !== true);
          return object.emoji === false ? [plain(object.text)] : emojiNodes(object.text);
        }

        function formatted(text, findsLinks = true) {
          const nodes = [];
          const pieces = text.split(/```([\s\S]+?)```/);
          pieces.forEach((piece, index) => {
            if (index % 2) {
              nodes.push(element("pre", "", ...codeNodes(piece.replace(/^\n|\n$/g, ""))));
            } else {
              // A block brings its own line breaks.
              const before = index > 0 ? piece.replace(/^\n/, "") : piece;
              nodes.push(...quoted(index < pieces.length - 1 ? before.replace(/\n$/, "") : before, findsLinks));
            }
          });
          return nodes;
        }

        function quoted(text, findsLinks) {
          const nodes = [];
          const quote = /^(?:&gt;|>)\s?/;
          let lines = [];
          let isQuote = false;
          const flush = () => {
            if (!lines.length) return;
            const inner = inline(lines.join("\n"), findsLinks);
            nodes.push(...(isQuote ? [element("blockquote", "", ...inner)] : inner));
            lines = [];
          };
          for (const line of text.split("\n")) {
            if (quote.test(line) !== isQuote) { flush(); isQuote = !isQuote; }
            lines.push(isQuote ? line.replace(quote, "") : line);
          }
          flush();
          return nodes;
        }

        function inline(text, findsLinks) {
          const nodes = [];
          const hopeless = {};   // no end of this style before that index
          let from = 0;
          let at = 0;
          const take = (end, node) => {
            if (at > from) nodes.push(plain(text.slice(from, at)));
            nodes.push(node);
            from = at = end;
          };
          while (at < text.length) {
            const found = piece(text, at, findsLinks, hopeless);
            if (found) take(found.end, found.node); else at += 1;
          }
          if (from < text.length) nodes.push(plain(text.slice(from)));
          return nodes;
        }

        function piece(text, at, findsLinks, hopeless) {
          const character = text[at];
          if (character === "`") {
            const code = /`([^`\n]+)`/y;
            code.lastIndex = at;
            const match = code.exec(text);
            return match && { end: code.lastIndex, node: element("code", "", ...codeNodes(match[1])) };
          }
          if (character === "<") {
            const end = text.indexOf(">", at);
            return end < 0 ? null : { end: end + 1, node: specialNode(text.slice(at + 1, end)) };
          }
          if (character === ":") return emojiAt(text, at);
          if (findsLinks && character === "h" && !isWord(text[at - 1])) return bareLink(text, at);
          if (styles[character]) return styled(text, at, findsLinks, hopeless);
          return null;
        }

        function styled(text, at, findsLinks, hopeless) {
          const mark = text[at];
          const opens = !isWord(text[at - 1]) && !isSpace(text[at + 1]) && text[at + 1] !== mark;
          if (!opens || at < (hopeless[mark] ?? -1)) return null;
          let end = at + 1;
          for (; end < text.length && text[end] !== "\n"; end += 1) {
            if (text[end] === "`" || text[end] === "<") {
              const other = text.indexOf(text[end] === "<" ? ">" : "`", end + 1);
              if (other > 0) end = other;
            } else if (text[end] === mark && !isSpace(text[end - 1]) && !isWord(text[end + 1])) {
              const node = element(styles[mark], "", ...inline(text.slice(at + 1, end), findsLinks));
              return { end: end + 1, node };
            }
          }
          hopeless[mark] = end;
          return null;
        }

        /** In code, links are links, and all else is as it was written. */
        function codeNodes(text) {
          return text.split(/<((?:https?:\/\/|mailto:)[^<>]*)>/i)
            .map((piece, index) => index % 2 ? specialNode(piece) : plain(piece));
        }

        function bareLink(text, at) {
          const url = /https?:\/\/[^\s<>|`]+/y;
          url.lastIndex = at;
          const match = url.exec(text);
          if (!match) return null;
          const target = match[0].replace(/(?:[.,;:!?)\]'"*_~]|&gt;|&lt;)+$/, "");
          return { end: at + target.length, node: linkNode(plain(target), plain(target)) };
        }

        function specialNode(special) {
          const bar = special.indexOf("|");
          const target = bar < 0 ? special : special.slice(0, bar);
          const label = bar < 0 ? "" : plain(special.slice(bar + 1));
          if (target.startsWith("@")) return personNode(target.slice(1), label);
          if (target.startsWith("#")) return placeNode(target.slice(1), label);
          if (target.startsWith("!subteam^")) return groupNode(target.slice(9), label);
          if (target.startsWith("!date^")) return dateNode(target.slice(6), label);
          if (target.startsWith("!")) return element("span", "mention broadcast", "@" + (label || target.slice(1)));
          if (!/^(?:https?:\/\/|mailto:)/i.test(target)) return document.createTextNode("<" + plain(special) + ">");
          return linkNode(plain(target), label || plain(target).replace(/^mailto:/, ""));
        }

        function linkNode(target, label) {
          const link = element("a", "", ...emojiNodes(label));
          link.href = target;
          link.target = "_blank";
          link.rel = "noopener noreferrer";
          return link;
        }

        function personNode(id, label) {
          const name = people.get(id)?.name || label || id;
          return element("span", id === here.me ? "mention me" : "mention", "@" + name);
        }

        function placeNode(id, label) {
          const place = places.get(id);
          if (!place) return element("span", "mention", "#" + (label || id));
          const link = button("mention", "#" + place.name);
          link.addEventListener("click", () => go(id));
          return link;
        }

        function groupNode(id, label) {
          const group = groups.get(id);
          return element("span", "mention", "@" + (group?.handle || label.replace(/^@/, "") || id));
        }

        """#
}
