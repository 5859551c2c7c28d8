enum PageScript {
    static let text = #"""
        "use strict";
        const messages = new Map();   // ts → message, as GET /demo/messages gives it
        const list = document.getElementById("messages");
        const thread = document.getElementById("thread");
        const replies = document.getElementById("replies");
        const line = document.getElementById("line");
        const state = document.getElementById("state");
        const typed = [];
        let recall = 0;
        let openThread = null;

        function element(name, className, ...children) {
          const node = document.createElement(name);
          if (className) node.className = className;
          node.append(...children);
          return node;
        }

        function clock(ts) {
          return new Date(parseFloat(ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
        }

        function blockNode(block, ts) {
          if (block.type === "section") return element("div", "section", ...formatted(block.text.text));
          if (block.type === "header") return element("strong", "", plain(block.text.text));
          if (block.type === "divider") return element("hr");
          if (block.type === "context") {
            return element("div", "context", ...block.elements.flatMap(part => formatted(part.text)));
          }
          if (block.type === "actions") {
            return element("div", "actions", ...block.elements.map(part => buttonNode(part, ts)));
          }
          return element("div", "context", "[" + block.type + "]");
        }

        function buttonNode(part, ts) {
          const button = element("button", part.style || "", plain(part.text.text));
          button.type = "button";
          button.addEventListener("click", async () => {
            button.disabled = true;
            const answer = await send("/demo/actions", { action_id: part.action_id, value: part.value, message_ts: ts });
            if (answer) { showPrivate(answer); button.disabled = false; }
          });
          return button;
        }

        function bodyNode(message) {
          const blocks = message.blocks && message.blocks.length
            ? message.blocks.map(block => blockNode(block, message.ts))
            : [element("div", "section", ...formatted(message.text))];
          return element("div", "body", ...blocks);
        }

        function messageNode(message, inThread) {
          const own = message.user === "U0YOU00001";
          const head = element("div", "", element("span", "who", own ? "you" : "Iterapp"));
          if (!own) head.append(element("span", "app-mark", "APP"));
          if (message.ts) head.append(element("span", "when", clock(message.ts)));
          const content = element("div", "", head, bodyNode(message));
          const node = element("article", "message", element("div", own ? "avatar you" : "avatar", own ? "Y" : "🚀"), content);
          if (message.ts) node.dataset.ts = message.ts;
          if (!inThread) addRepliesLink(message, content);
          return node;
        }

        function addRepliesLink(message, content) {
          const count = [...messages.values()].filter(other => other.thread_ts === message.ts).length;
          if (!count) return;
          const link = element("button", "replies-link", count === 1 ? "1 reply" : count + " replies");
          link.type = "button";
          link.addEventListener("click", () => showThread(message.ts));
          content.append(link);
        }

        function place(container, message, inThread) {
          const fresh = messageNode(message, inThread);
          const old = container.querySelector(`article[data-ts="${message.ts}"]`);
          if (old) { old.replaceWith(fresh); return; }
          const later = [...container.querySelectorAll("article[data-ts]")].find(node => node.dataset.ts > message.ts);
          container.insertBefore(fresh, later || null);
        }

        function keepingBottom(change) {
          const atBottom = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
          change();
          if (atBottom) list.scrollTop = list.scrollHeight;
        }

        function take(message) {
          messages.set(message.ts, message);
          keepingBottom(() => {
            list.querySelector(".empty")?.remove();
            if (!message.thread_ts) place(list, message, false);
            else if (messages.has(message.thread_ts)) place(list, messages.get(message.thread_ts), false);
          });
          if (openThread && (message.ts === openThread || message.thread_ts === openThread)) place(replies, message, true);
        }

        function showThread(ts) {
          openThread = ts;
          replies.replaceChildren();
          [...messages.values()].filter(m => m.ts === ts || m.thread_ts === ts)
            .sort((a, b) => a.ts < b.ts ? -1 : 1).forEach(m => place(replies, m, true));
          thread.hidden = false;
        }

        function showPrivate(text) {
          const node = messageNode({ text, blocks: [] }, true);
          node.classList.add("private");
          node.querySelector(".who").parentNode.append(element("span", "only", "Only visible to you"));
          keepingBottom(() => { list.querySelector(".empty")?.remove(); list.append(node); });
          list.scrollTop = list.scrollHeight;
        }

        async function send(path, body) {
          try {
            const response = await fetch(path, {
              method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
            });
            if (!response.ok) return "The demo answered " + response.status + ": " + await response.text();
            return (await response.json()).text;
          } catch (error) {
            return "The demo does not answer. Is it still running?";
          }
        }

        async function refresh() {
          const response = await fetch("/demo/messages");
          for (const message of await response.json()) take(message);
          list.scrollTop = list.scrollHeight;
        }

        function listen() {
          const source = new EventSource("/demo/events");
          source.onopen = () => { state.textContent = "live"; state.className = "live"; refresh(); };
          source.onmessage = event => take(JSON.parse(event.data));
          source.addEventListener("ephemeral", event => showPrivate(JSON.parse(event.data).text));
          source.onerror = () => { state.textContent = "reconnecting…"; state.className = ""; };
        }

        document.getElementById("composer").addEventListener("submit", async event => {
          event.preventDefault();
          const text = line.value.trim();
          if (!text) return;
          typed.push(text);
          recall = typed.length;
          line.value = "";
          const answer = await send("/demo/commands", { text });
          if (answer) showPrivate(answer);
        });

        line.addEventListener("keydown", event => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          recall = Math.max(0, Math.min(typed.length, recall + (event.key === "ArrowUp" ? -1 : 1)));
          line.value = typed[recall] || "";
          event.preventDefault();
        });

        document.querySelectorAll("[data-try]").forEach(button => button.addEventListener("click", () => {
          line.value = button.dataset.try;
          line.focus();
        }));

        document.getElementById("close").addEventListener("click", () => { thread.hidden = true; openThread = null; });
        document.addEventListener("keydown", event => {
          if (event.key === "Escape") { thread.hidden = true; openThread = null; }
        });
        listen();

        """#
}
