enum PageFormatting {
    /// Slack's mrkdwn as DOM nodes, never as HTML: nothing that somebody wrote can become markup.
    static let text = #"""
        function plain(text) {
          return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
        }

        function formatted(text) {
          const pieces = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>]+)>|\*([^*\n]+)\*/g;
          const nodes = [];
          let from = 0;
          for (const match of text.matchAll(pieces)) {
            if (match.index > from) nodes.push(plain(text.slice(from, match.index)));
            const [, block, code, special, bold] = match;
            if (block !== undefined) nodes.push(element("pre", "", plain(block.replace(/^\n|\n$/g, ""))));
            else if (code !== undefined) nodes.push(element("code", "", plain(code)));
            else if (special !== undefined) nodes.push(specialNode(special));
            else nodes.push(element("strong", "", ...formatted(bold)));
            from = match.index + match[0].length;
          }
          if (from < text.length) nodes.push(plain(text.slice(from)));
          return nodes;
        }

        function specialNode(special) {
          const [target, label] = special.split("|");
          if (target.startsWith("@")) return element("span", "mention", "@" + (target === "@U0YOU00001" ? "you" : label || target.slice(1)));
          if (target.startsWith("#") || target.startsWith("!")) return element("span", "mention", plain(label || target));
          if (!/^https?:\/\//.test(target)) return plain("<" + special + ">");
          const link = element("a", "", plain(label || target));
          link.href = plain(target);
          link.target = "_blank";
          link.rel = "noopener noreferrer";
          return link;
        }
        """#
}
