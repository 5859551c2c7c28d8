extension LogScript {
    /// Search goes over all lines of all logs, also those that are folded or far away.
    static let search = #"""
        /* What is looked for, as a pattern; null for nothing. */
        let query = null;
        /* Changes with it, so that heads know when to mark anew. */
        let searchRound = 0;
        /* [log, line] of each line that has it, and which one is shown. */
        let matches = [];
        let current = -1;
        /* How many lines of each log were looked at. */
        const searched = new Map();

        const isCurrent = (log, index) => current >= 0 && matches[current][0] === log && matches[current][1] === index;

        /* What was searched for last, and the timer of what is being typed. */
        let lastText = "";
        let typing = 0;

        function setQuery(text) {
          clearTimeout(typing);
          lastText = text;
          query = text === "" ? null : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi");
          searchRound++;
          matches = [];
          current = -1;
          searched.clear();
          countMatches();
          if (shown) redrawRows(shown);
          if (matches.length > 0) move(0, firstInSight());
        }

        /* Looks at the lines that are new. */
        function countMatches() {
          if (query) for (const log of logs.values()) {
            const found = [];
            for (let index = searched.get(log) || 0; index < log.plains.length; index++) {
              query.lastIndex = 0;
              if (query.test(log.plains[index])) found.push([log, index]);
            }
            searched.set(log, log.plains.length);
            if (found.length > 0) insert(log, found);
          }
          drawCount();
        }

        /* The matches of one log stand together, in the order of the logs. */
        function insert(log, found) {
          const held = current >= 0 ? matches[current] : null;
          const order = [...logs.values()];
          const later = matches.findIndex(match => order.indexOf(match[0]) > order.indexOf(log));
          if (later < 0) matches = matches.concat(found);
          else matches = [...matches.slice(0, later), ...found, ...matches.slice(later)];
          if (held) current = matches.indexOf(held);
        }

        function drawCount() {
          const count = byId("count");
          if (!query) count.textContent = "";
          else if (matches.length === 0) count.textContent = "no line";
          else count.textContent = (current < 0 ? "" : current + 1 + " of ") + matches.length
            + (matches.length === 1 ? " line" : " lines");
          byId("previous").disabled = byId("next").disabled = matches.length === 0;
          byId("search").classList.toggle("vain", Boolean(query) && matches.length === 0);
        }

        /* The first match of the log that is shown, from the first line that is seen on. */
        function firstInSight() {
          const rows = [...shown.node.querySelectorAll(".row")];
          const top = rows.find(node => node.getBoundingClientRect().bottom > byId("bar").getBoundingClientRect().bottom);
          const line = top ? Number(top.dataset.line) - 1 : 0;
          const here = matches.findIndex(match => match[0] === shown && match[1] >= line);
          return here >= 0 ? here : Math.max(0, matches.findIndex(match => match[0] === shown));
        }

        function move(by, to) {
          if (matches.length === 0) return;
          document.querySelectorAll(".current").forEach(node => node.classList.remove("current"));
          current = to !== undefined ? to : (current + by + matches.length) % matches.length;
          const [log, index] = matches[current];
          reveal(log, index, "center").classList.add("current");
          drawCount();
        }

        byId("search").addEventListener("input", event => {
          clearTimeout(typing);
          typing = setTimeout(() => setQuery(event.target.value), 120);
        });
        byId("next").addEventListener("click", () => move(1));
        byId("previous").addEventListener("click", () => move(-1));

        """#
}
