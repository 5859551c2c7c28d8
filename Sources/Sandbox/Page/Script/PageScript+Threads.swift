extension PageScript {
    /// The thread beside the channel.
    static let threads = #"""
        const thread = the("thread");
        const replies = the("replies");

        function isInThread(message) {
          return here.thread && message.channel === here.thread.channel && isForMe(message)
            && (message.ts === here.thread.ts || message.thread_ts === here.thread.ts);
        }

        function showThread(channel, ts) {
          here.thread = { channel, ts };
          replies.replaceChildren();
          const root = messages.get(channel + " " + ts);
          for (const message of root ? [root, ...repliesTo(channel, ts)] : []) place(replies, message, true);
          settleThread();
          the("thread-place").textContent = placeTitle(channel);
          thread.hidden = false;
          document.body.classList.add("with-thread");
          replies.scrollTop = replies.scrollHeight;
          the("reply").focus({ preventScroll: true });
        }

        function settleThread() {
          settle(replies, false);
          const root = replies.querySelector("article");
          replies.querySelector(".count-line")?.remove();
          const count = replies.querySelectorAll("article:not(.private)").length - 1;
          if (!root || count < 1) return;
          root.after(element("div", "count-line", element("span", "", count === 1 ? "1 reply" : count + " replies")));
          root.nextElementSibling.nextElementSibling?.classList.remove("follows");
        }

        function hideThread() {
          if (!here.thread) return false;
          here.thread = null;
          thread.hidden = true;
          document.body.classList.remove("with-thread");
          the("line").focus({ preventScroll: true });
          return true;
        }

        the("close").addEventListener("click", hideThread);

        """#
}
