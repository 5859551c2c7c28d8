extension PageScript {
    /// The block `rich_text` (docs.slack.dev, "Rich text block"), into which Slack makes what people write.
    static let richText = #"""
        function richTextNode(block) {
          return element("div", "block rich", ...block.elements.map(richPart));
        }

        function richPart(part) {
          const inner = () => part.elements.flatMap(richElement);
          switch (part.type) {
            case "rich_text_section": return element("div", "text", ...inner());
            case "rich_text_quote": return element("blockquote", "", ...inner());
            case "rich_text_preformatted": return element("pre", "", ...inner());
            case "rich_text_list": {
              const list = element(part.style === "ordered" ? "ol" : "ul", "indent" + (part.indent || 0),
                ...part.elements.map(item => element("li", "", ...item.elements.flatMap(richElement))));
              if (part.style === "ordered" && part.offset) list.start = part.offset + 1;
              return list;
            }
            default: return unsupported("rich text", part.type);
          }
        }

        function richElement(part) {
          switch (part.type) {
            case "text": return [richStyle(document.createTextNode(part.text), part.style)];
            case "link": return [richStyle(safeLink(part), part.style)];
            case "emoji": return emojiNodes(":" + part.name + ":");
            case "user": return [personNode(part.user_id, "")];
            case "usergroup": return [groupNode(part.usergroup_id, "")];
            case "channel": return [placeNode(part.channel_id, "")];
            case "broadcast": return [element("span", "mention broadcast", "@" + part.range)];
            case "date": return [timeNode(momentOf(part.timestamp), part.format)];
            case "color": return [element("code", "", part.value)];
            default: return [unsupported("rich text", part.type)];
          }
        }

        function safeLink(part) {
          if (!/^(?:https?:\/\/|mailto:)/i.test(part.url)) return document.createTextNode(part.text || part.url);
          const link = linkNode(part.url, "");
          link.replaceChildren(part.text || part.url);
          return link;
        }

        function richStyle(node, style = {}) {
          const names = { code: "code", strike: "s", italic: "em", bold: "strong", underline: "u", highlight: "mark" };
          return Object.keys(names).filter(name => style[name])
            .reduce((inner, name) => element(names[name], "", inner), node);
        }

        """#
}
