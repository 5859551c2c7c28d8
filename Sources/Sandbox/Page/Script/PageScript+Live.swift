extension PageScript {
    /// What happens elsewhere, as it happens (WHATWG HTML, "Server-sent events").
    static let live = #"""
        const state = the("state");
        const retryAfter = 1000;   // milliseconds
        const maxMessages = 5000;
        let waiting = null;        // events that came while everything was being loaded
        let wasLoaded = false;

        /** A message that is new, or was changed. */
        function take(message) {
          const key = keyOf(message);
          const isNew = !messages.has(key);
          messages.set(key, message);
          if (messages.size > maxMessages) forgetOldest();
          show(message);
          if (isNew && isForMe(message) && message.user !== here.me && wasLoaded) {
            say(nameOf(message.user) + ": " + element("p", "", ...formatted(message.text || "")).textContent);
          }
          markSeen(false);
          if (isNew) showSidebar();
        }

        function forgetOldest() {
          const old = [...messages.values()].sort(inOrder).slice(0, maxMessages / 10);
          for (const message of old) messages.delete(keyOf(message));
          showPlace();
        }

        function show(message) {
          if (isHere(message)) {
            keepingBottom(list, () => {
              if (isRoot(message)) {
                place(list, message, false);
              } else {
                const root = messages.get(message.channel + " " + message.thread_ts);
                if (root && !message.only) place(list, root, false);
              }
              settle(list, true);
              showEmptiness();
            });
            if (message.only && isRoot(message)) list.scrollTop = list.scrollHeight;
          }
          if (isInThread(message)) {
            keepingBottom(replies, () => { place(replies, message, true); settleThread(); });
          }
        }

        /** A message that is gone. One with replies leaves a mark, so that they still hang together. */
        function forget({ channel, ts }) {
          const message = messages.get(channel + " " + ts);
          if (!message) return;
          if (!message.only && repliesTo(channel, ts).length) {
            const mark = {
              channel, ts, user: message.user, text: "_This message was deleted._", blocks: [], deleted: true,
            };
            messages.set(keyOf(message), mark);
            show(mark);
            return;
          }
          messages.delete(keyOf(message));
          for (const container of [list, replies]) {
            container.querySelector(`:scope > article[data-ts="${ts}"]`)?.remove();
          }
          settle(list, true);
          settleThread();
          if (message.thread_ts) {
            const root = messages.get(channel + " " + message.thread_ts);
            if (root && isHere(root)) place(list, root, false);
          }
          showEmptiness();
          showSidebar();
        }

        /** Everything anew: at the beginning, and after the demo was away. */
        async function load() {
          const [workspace, all] = await Promise.all(
            ["/demo/workspace", "/demo/messages?channel=all"].map(path => fetch(path).then(answer => answer.json())));
          takeWorkspace(workspace);
          const fresh = new Map(all.map(message => [keyOf(message), message]));
          for (const [key, message] of messages) if (!message.only && !fresh.has(key)) messages.delete(key);
          for (const [key, message] of fresh) messages.set(key, message);
          modals.clear();
          for (const view of workspace.modals) modals.set(view.user, view);
          if (!wasLoaded) markSeen(true);
          showEverything();
          showModal();
          if (here.thread) showThread(here.thread.channel, here.thread.ts);
          wasLoaded = true;
        }

        const eventKinds = {
          message: take, ephemeral: take, deleted: forget, modal: takeModal, home: takeHome,
          workspace: changeWorkspace,
        };

        function listen() {
          const source = new EventSource("/demo/events");
          source.onopen = async () => {
            waiting = [];
            try {
              await load();
            } catch (error) {
              source.close();
              setTimeout(listen, retryAfter);
              return;
            }
            const missed = waiting;
            waiting = null;
            for (const [kind, data] of missed) eventKinds[kind](data);
            state.textContent = "live";
            state.className = "live";
          };
          for (const kind of Object.keys(eventKinds)) {
            source.addEventListener(kind, event => {
              const data = JSON.parse(event.data);
              if (waiting) waiting.push([kind, data]); else eventKinds[kind](data);
            });
          }
          source.onerror = () => {
            state.textContent = "reconnecting…";
            state.className = "";
            // A browser gives up when something else than the demo answers.
            if (source.readyState === EventSource.CLOSED) setTimeout(listen, retryAfter);
          };
        }

        document.addEventListener("visibilitychange", () => { markSeen(false); showSidebar(); });
        setInterval(tick, 1000);
        listen();

        """#
}
