extension PageScript {
    /// A message, and its place among others.
    static let messages = #"""
        const list = the("messages");
        const together = 300;   // seconds within which messages of one person share their head

        const isForMe = message => !message.only || message.only === here.me;
        const isHere = message => message.channel === here.place && isForMe(message);
        const inOrder = (one, other) => one.ts < other.ts ? -1 : 1;
        const repliesTo = (channel, ts) => [...messages.values()]
          .filter(other => other.channel === channel && other.thread_ts === ts && other.ts !== ts && isForMe(other))
          .sort(inOrder);

        function avatarNode(user) {
          const bot = isBot(user);
          const sign = bot ? (user === slackbot ? "🤖" : "🚀") : nameOf(user).slice(0, 1).toUpperCase();
          const node = element("div", "avatar" + (bot ? " app" : ""), sign);
          node.dataset.hue = bot ? "app" : String([...people.keys()].indexOf(user) % 6);
          node.setAttribute("aria-hidden", "true");
          return node;
        }

        function headNode(message) {
          const date = momentOf(message.ts);
          const head = element("div", "head", element("span", "who", nameOf(message.user)));
          if (isBot(message.user)) head.append(element("span", "app-mark", "APP"));
          const when = element("time", "when", clock(date));
          when.dateTime = date.toISOString();
          when.title = shown(date, { dateStyle: "full", timeStyle: "medium" });
          head.append(when);
          return head;
        }

        function bodyNode(message) {
          const surface = surfaceFor(
            keyOf(message), { channel: message.channel, message_ts: message.ts, is_ephemeral: Boolean(message.only) },
            answer => tellPrivately(answer, message.thread_ts));
          const hasBlocks = message.blocks && message.blocks.length > 0;
          const body = element("div", "body", ...(hasBlocks
            ? message.blocks.map(block => blockNode(block, surface))
            : message.text ? [element("div", "block text", ...formatted(message.text))] : []));
          // Slack marks an edit of words, not one of blocks (chat.update, "blocks").
          if (message.edited && !hasBlocks) body.lastElementChild?.append(element("span", "edited", " (edited)"));
          return body;
        }

        function messageNode(message, inThread) {
          const content = element("div", "content", headNode(message), bodyNode(message));
          for (const file of message.files || []) content.append(fileNode(file));
          const node = element("article", "message", avatarNode(message.user), content);
          node.dataset.ts = message.ts;
          node.dataset.user = message.user;
          node.setAttribute("aria-label", nameOf(message.user) + ", " + clock(momentOf(message.ts)));
          if (message.only) markPrivate(node, content, message);
          if (message.deleted) node.classList.add("tombstone");
          if (!inThread && !message.only) addRepliesLink(message, content);
          return node;
        }

        function markPrivate(node, content, message) {
          node.classList.add("private");
          const dismiss = button("dismiss", "Dismiss");
          dismiss.addEventListener("click", () => { forget(message); the("line").focus(); });
          content.prepend(element("div", "only", "👁 Only visible to you", dismiss));
        }

        function addRepliesLink(message, content) {
          const replies = repliesTo(message.channel, message.ts).filter(reply => !reply.only);
          if (!replies.length) return;
          const users = [...new Set(replies.map(reply => reply.user))].slice(0, 4);
          const last = momentOf(replies[replies.length - 1].ts);
          const day = pretty(last, () => dateTokens.date_short(last));
          const link = button("replies-link", ...users.map(avatarNode),
            element("span", "count", replies.length === 1 ? "1 reply" : replies.length + " replies"),
            element("span", "last", "Last reply " + day + " at " + clock(last)));
          link.addEventListener("click", () => showThread(message.channel, message.ts));
          content.append(link);
        }

        /** Puts a message where it belongs by its ts, or in the place of what it was before. */
        function place(container, message, inThread) {
          const fresh = messageNode(message, inThread);
          const old = container.querySelector(`:scope > article[data-ts="${message.ts}"]`);
          if (old) {
            const focused = old.contains(document.activeElement) && document.activeElement.dataset;
            if (openMenu && old.contains(openMenu.opener)) hideMenu();
            if (old.classList.contains("follows")) fresh.classList.add("follows");
            old.replaceWith(fresh);
            if (focused) focusAgain(fresh, focused);
            return;
          }
          let before = container.lastElementChild;
          while (before && !(before.dataset.ts < message.ts)) before = before.previousElementSibling;
          if (before) before.after(fresh); else container.prepend(fresh);
        }

        function focusAgain(fresh, focused) {
          const same = [...fresh.querySelectorAll("a, button, select, input")];
          const next = same.find(node => focused.press && node.dataset.press === focused.press)
            || same.find(node => focused.action && node.dataset.action === focused.action);
          if (next) next.focus({ preventScroll: true });
        }

        /** Days between messages, and one head for messages that follow one another. */
        function settle(container, hasDays) {
          let last = null;
          for (const node of [...container.children]) {
            if (node.matches(".day")) { node.remove(); continue; }
            if (!node.matches("article")) continue;
            const date = momentOf(node.dataset.ts);
            const isSameDay = last && momentOf(last.dataset.ts).toDateString() === date.toDateString();
            if (hasDays && !isSameDay) node.before(dayNode(date));
            const belongs = isSameDay && last.dataset.user === node.dataset.user
              && node.dataset.ts - last.dataset.ts < together;
            node.classList.toggle("follows", Boolean(belongs && !node.matches(".private") && !last.matches(".private")));
            last = node;
          }
        }

        function dayNode(date) {
          const words = pretty(date, () => shown(date, { weekday: "long", month: "long", day: "numeric" }));
          const node = element("div", "day", element("span", "", words[0].toUpperCase() + words.slice(1)));
          node.setAttribute("role", "separator");
          return node;
        }

        function keepingBottom(container, change) {
          const atBottom = container.scrollHeight - container.scrollTop - container.clientHeight < 80;
          change();
          if (atBottom) container.scrollTop = container.scrollHeight;
        }

        /** All messages of the open channel. */
        function showPlace() {
          list.replaceChildren();
          const roots = [...messages.values()].filter(message => isHere(message) && isRoot(message)).sort(inOrder);
          for (const message of roots) place(list, message, false);
          settle(list, true);
          showEmptiness();
          list.scrollTop = list.scrollHeight;
        }

        const isRoot = message => !message.thread_ts || message.thread_ts === message.ts;

        function showEmptiness() {
          const isEmpty = !list.querySelector("article");
          the("empty").hidden = !isEmpty;
          list.hidden = isEmpty;
        }

        """#
}
