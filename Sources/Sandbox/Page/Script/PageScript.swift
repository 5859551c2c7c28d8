/// The page's program: one script, written down by subject. Parts only define; what begins is in `live`, the last one.
enum PageScript {
    static let text = [
        basics, formatting, emoji, dates, blocks, richText, controls, menus, inputs, messages, files, threads,
        places, views, composer, live,
    ].joined()

    /// What the page knows, and the few helpers that all parts share.
    private static let basics = #"""
        "use strict";
        const people = new Map();     // id → { id, name, title?, is_bot? }
        const groups = new Map();     // id → { id, handle }
        const places = new Map();     // id → { id, name, kind: "channel" | "direct", members, is_private }
        const messages = new Map();   // channel and ts → message, as GET /demo/messages gives it
        const here = { me: "", place: "", tab: "messages", thread: null };
        const the = id => document.getElementById(id);

        function element(name, className, ...children) {
          const node = document.createElement(name);
          if (className) node.className = className;
          node.append(...children.filter(child => child !== null && child !== undefined && child !== ""));
          return node;
        }

        function button(className, ...children) {
          const node = element("button", className, ...children);
          node.type = "button";
          return node;
        }

        const keyOf = message => message.channel + " " + message.ts;
        const nameOf = id => people.get(id)?.title || people.get(id)?.name || id;
        const isBot = id => Boolean(people.get(id)?.is_bot);

        /** Posts JSON. What comes back has `text` when there is something to tell, also of what went wrong. */
        async function send(path, body) {
          try {
            const response = await fetch(path, {
              method: "POST", headers: { "Content-Type": "application/json" },
              body: JSON.stringify({ user: here.me, ...body }),
            });
            if (!response.ok) {
              return { failed: true, text: "The demo answered " + response.status + ": " + await response.text() };
            }
            return await response.json();
          } catch (error) {
            return { failed: true, text: "The demo does not answer. Is it still running?" };
          }
        }

        function say(words) { the("announcer").textContent = words; }

        """#
}
