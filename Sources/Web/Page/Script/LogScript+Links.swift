extension LogScript {
    /// `#web-L120` and `#web-L120-L130` name lines, also ones that are folded, or not there yet.
    static let links = #"""
        /* { name, from, to }, from 0; null when the address names no lines. */
        let link = null;
        /* It was not gone to yet. */
        let isLinkOpen = false;

        function readLink() {
          const match = /^#(?:(.+?)-)?L(\d+)(?:-L?(\d+))?$/.exec(location.hash);
          if (!match) return null;
          const first = Number(match[2]) - 1, last = match[3] ? Number(match[3]) - 1 : first;
          if (first < 0 || last < 0) return null;
          let name;
          try { name = decodeURIComponent(match[1] || ""); } catch { return null; }
          return { name, from: Math.min(first, last), to: Math.max(first, last) };
        }

        const isLinked = (log, index) =>
          link !== null && link.name === log.name && index >= link.from && index <= link.to;

        function isHeadLinked(step) {
          if (!link || link.name !== step.log.name) return false;
          for (let index = link.from; index <= Math.min(link.to, step.log.owners.length - 1); index++) {
            if (step.log.isHead[index] && step.log.owners[index] === step) return true;
          }
          return false;
        }

        function followLink() {
          link = readLink();
          isLinkOpen = link !== null;
          if (isLinkOpen) following = false;
          if (shown) redrawRows(shown);
          goToLink();
        }

        /* Goes there as soon as the line is known. */
        function goToLink() {
          if (!isLinkOpen) return;
          const log = logs.get(link.name);
          if (log && link.from < log.texts.length) {
            isLinkOpen = false;
            say("");
            redrawRows(log);
            reveal(log, link.from, "center");
          } else if (isFinished() && [...logs.values()].every(log => log.isLoaded)) {
            isLinkOpen = false;
            say(log ? `Line ${link.from + 1} is not there: the log has ${log.texts.length} lines.`
              : "The line that this address names is in no log here.");
          } else say(`Line ${link.from + 1} is not there yet; it is shown when it comes.`);
        }

        function setLink(name, from, to) {
          const log = logs.get(name);
          const range = to > from ? "-L" + (to + 1) : "";
          history.replaceState(null, "", location.pathname + location.search + "#" + log.anchor + (from + 1) + range);
          link = { name, from, to };
          redrawRows(log);
        }

        byId("logs").addEventListener("click", event => {
          const number = event.target.closest("a.number");
          if (!number || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          const line = Number(number.parentNode.dataset.line) - 1;
          if (event.shiftKey && link && link.name === shown.name) {
            document.getSelection().removeAllRanges();
            setLink(shown.name, Math.min(link.from, line), Math.max(link.from, line));
          } else setLink(shown.name, line, line);
        });
        addEventListener("hashchange", followLink);

        function say(words) {
          byId("notice").textContent = words;
          byId("notice").hidden = words === "";
        }

        """#
}
