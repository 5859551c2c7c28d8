extension PageScript {
    /// The lines in which people write, in the channel and in a thread.
    static let composer = #"""
        const typed = [];
        const maxTyped = 100;
        let recall = 0;

        /** What only the acting member sees, said by the app; or by Slack itself when the demo is in trouble. */
        function tellPrivately(answer, threadTs) {
          const { text, blocks = [], failed } = answer;
          take({
            channel: here.place, ts: (Date.now() / 1000).toFixed(6), user: failed ? slackbot : here.bot, text, blocks,
            only: here.me, ...(threadTs ? { thread_ts: threadTs } : {}),
          });
        }

        function wireLine(form, line, where) {
          form.addEventListener("submit", async event => {
            event.preventDefault();
            const text = line.value.trim();
            if (!text) return;
            typed.push(text);
            if (typed.length > maxTyped) typed.shift();
            recall = typed.length;
            line.value = "";
            const place = where();
            if (place.thread_ts && text.startsWith("/")) {
              const word = text.split(/\s/)[0];
              tellPrivately({ text: "`" + word + "` can't be used in threads. Sorry!", failed: true }, place.thread_ts);
              return;
            }
            const answer = await send("/demo/commands", { text, ...place });
            // What the app has said is shown already.
            if (answer.text && !answer.is_shown) tellPrivately(answer, place.thread_ts);
          });
          line.addEventListener("keydown", event => {
            if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
            recall = Math.max(0, Math.min(typed.length, recall + (event.key === "ArrowUp" ? -1 : 1)));
            line.value = typed[recall] || "";
            event.preventDefault();
          });
        }

        wireLine(the("composer"), the("line"), () => ({ channel: here.place }));
        wireLine(the("reply-form"), the("reply"), () => ({ channel: here.thread.channel, thread_ts: here.thread.ts }));

        document.querySelectorAll("[data-try]").forEach(choice => choice.addEventListener("click", () => {
          document.body.classList.remove("with-side");
          if (here.tab === "home") go(here.place, "messages");
          the("line").value = choice.dataset.try;
          the("line").focus();
        }));

        document.addEventListener("keydown", event => {
          if (event.key !== "Escape" || modal.open || the("confirm").open) return;
          if (!hideMenu() && !hideThread()) document.body.classList.remove("with-side");
        });

        """#
}
