extension LogScript {
    /// Logs that are finished are loaded at once; the others come as server-sent events (WHATWG HTML, section 9.2).
    static let stream = #"""
        const positions = new Map();
        let events = null;
        let retrySeconds = 1;

        async function load() {
          link = readLink();
          isLinkOpen = link !== null;
          tick();
          const closed = isFinished() ? view.logs : [];
          for (const name of closed) addLog(name);
          const wanted = link && logs.get(link.name) || [...logs.values()][0];
          if (wanted) show(wanted);
          /* What is looked at comes first. */
          if (wanted) await loadLog(wanted);
          await Promise.all(closed.map(logNamed).filter(log => log !== wanted).map(loadLog));
          if (isFinished() && closed.length > 0) return finish();
          listen();
        }

        async function loadLog(log) {
          try {
            const name = encodeURIComponent(log.name);
            const answer = await fetch(base + "/raw?colours" + (log.name === "" ? "" : "&appling=" + name));
            if (!answer.ok) throw new Error(answer.status);
            const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
            for (let piece; !(piece = await reader.read()).done;) {
              log.add(piece.value);
              draw();
            }
            log.end();
          } catch {
            say("The log could not be loaded. Load the page again in a moment.");
            log.isLoaded = true;
          }
          draw();
        }

        /* Ends of the operation's story: what failed is shown. */
        function finish() {
          for (const log of logs.values()) log.end();
          document.body.dataset.live = "";
          byId("live").textContent = "";
          tick();
          drawNow();
          if (link) return;
          const bad = [...logs.values()].find(log => log.state === "bad");
          const step = bad && bad.steps.find(step => step.state === "failed");
          if (step) reveal(bad, step.rows[step.rows.length - 1], "center");
        }

        function listen() {
          const at = [...positions].map(([name, offset]) => encodeURIComponent(name) + ":" + offset).join(",");
          events = new EventSource(base + "/events?at=" + encodeURIComponent(view.round + "/" + at));
          live("connecting…");
          events.onopen = () => { retrySeconds = 1; live("live"); };
          events.addEventListener("state", event => { take(JSON.parse(event.data)); draw(); });
          events.addEventListener("log", event => {
            const end = event.data.indexOf("\n");
            logNamed(decodeURIComponent(event.data.slice(0, end))).add(event.data.slice(end + 1) + "\n");
            note(event.lastEventId);
            draw();
          });
          events.addEventListener("end", () => { events.close(); finish(); });
          events.onerror = () => {
            live("connection lost; trying again…");
            if (events.readyState === EventSource.CLOSED) tryAgain();
          };
        }

        /* The server is busy, or we may not follow any more: the browser does not try again by itself. */
        async function tryAgain() {
          const answer = await fetch(base, { method: "HEAD", redirect: "manual" }).catch(() => null);
          if (answer && [403, 404, 410].includes(answer.status)) {
            live("");
            return say("Your link or your sign-in is over. Load the page again to go on.");
          }
          setTimeout(listen, retrySeconds * 1000);
          retrySeconds = Math.min(retrySeconds * 2, 60);
        }

        function note(id) {
          const places = id.slice(id.indexOf("/") + 1).split(",");
          for (const place of places) {
            const [name, offset] = place.split(":");
            if (offset) positions.set(decodeURIComponent(name), Number(offset));
          }
        }

        function take(next) {
          skew = next.now - Date.now() / 1000;
          if (next.round !== view.round) forget();
          view = next;
          for (const name of view.logs) logNamed(name);
        }

        /* The build began anew. */
        function forget() {
          for (const log of logs.values()) log.node.remove();
          logs.clear();
          positions.clear();
          searched.clear();
          matches = [];
          current = -1;
          shown = null;
        }

        function live(words) {
          byId("live").textContent = words;
          document.body.dataset.live = words === "live" ? "on" : "off";
        }
        addEventListener("pagehide", () => events && events.close());
        addEventListener("pageshow", event => { if (event.persisted && events && !isFinished()) listen(); });

        """#
}
