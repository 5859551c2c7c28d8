extension PageScript {
    /// Block Kit (docs.slack.dev, "Blocks"). A `surface` is what blocks stand in: a message, a modal or a Home tab. It
    /// knows what a press on it says about where it happened (`where`), and what its fields hold now (`fields`).
    static let blocks = #"""
        const blockKinds = {
          section: sectionNode,
          header: block => element("h3", "block header", ...textNodes(block.text)),
          divider: () => element("hr", "block"),
          context: contextNode,
          actions: (block, surface) => element("div", "block actions",
            ...block.elements.map(part => controlNode(part, block, surface))),
          image: imageBlock,
          input: inputNode,
          rich_text: richTextNode,
        };

        function blockNode(block, surface) {
          const make = Object.hasOwn(blockKinds, block.type) ? blockKinds[block.type] : null;
          const node = make ? make(block, surface) : unsupported("blocks", block.type);
          if (block.block_id) node.dataset.block = block.block_id;
          return node;
        }

        /** Shown rather than left out, so that whoever writes messages notices. */
        function unsupported(what, type) {
          return element("div", "block unsupported", "This page can't show " + what + " of the type " + type + ".");
        }

        /** - Parameters: name: tells it from all others; where: what its presses say about where they happened;
              tell: shows what the app or the demo answers; held: what its fields held before, as `state.values`. */
        function surfaceFor(name, where, tell, held) {
          return { name, where, tell, held, fields: new Map() };
        }

        function sectionNode(block, surface) {
          const words = element("div", "words");
          if (block.text) words.append(element("div", "text", ...textNodes(block.text)));
          if (block.fields) {
            words.append(element("div", "fields",
              ...block.fields.map(field => element("div", "text", ...textNodes(field)))));
          }
          const node = element("div", "block section", words);
          if (block.accessory) {
            node.append(element("div", "accessory " + block.accessory.type, accessoryNode(block, surface)));
          }
          return node;
        }

        function accessoryNode(block, surface) {
          const accessory = block.accessory;
          return accessory.type === "image" ? pictureNode(accessory) : controlNode(accessory, block, surface);
        }

        function contextNode(block) {
          return element("div", "block context", ...block.elements.map(part => part.type === "image"
            ? pictureNode(part) : element("span", "text", ...textNodes(part))));
        }

        function imageBlock(block) {
          const node = element("figure", "block image", pictureNode(block));
          if (block.title) node.prepend(element("figcaption", "", ...textNodes(block.title)));
          return node;
        }

        /** The page loads nothing from elsewhere: a picture of another site is named instead. */
        function pictureNode(part) {
          const url = part.image_url && new URL(part.image_url, location.href);
          if (!url || url.origin !== location.origin) return element("span", "picture", "🖼 " + (part.alt_text || ""));
          const picture = element("img", "picture");
          picture.src = url.href;
          picture.alt = part.alt_text || "";
          return picture;
        }

        """#
}
