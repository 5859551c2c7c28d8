extension LogScript {
    /// What is said about the operation, above its logs.
    static let header = #"""
        let headerLook = "";

        function drawHeader() {
          const look = JSON.stringify([view, shown && shown.name, [...logs.values()].map(log => log.texts.length > 0)]);
          if (look === headerLook) return;
          headerLook = look;
          document.body.dataset.state = view.state;
          byId("state").textContent = byId("short-state").textContent = view.words;
          byId("detail").textContent = view.detail || "";
          byId("detail").hidden = !view.detail;
          const sites = byId("sites");
          sites.replaceChildren(...(view.sites || []).map(url => {
            const link = make("a", "", url.replace(/^https?:\/\//, "").replace(/\/$/, ""));
            if (/^https?:\/\//.test(url)) link.href = url;
            link.rel = "noreferrer";
            return link;
          }));
          const facts = byId("facts");
          facts.replaceChildren(...view.facts.map(fact => {
            const text = fact.kind === "when" ? new Date(fact.text).toLocaleString() : fact.text;
            const node = make(fact.url && /^https?:\/\//.test(fact.url) ? "a" : "span", fact.kind, text);
            if (fact.kind === "when") node.title = fact.text;
            if (node.tagName === "A") { node.href = fact.url; node.rel = "noreferrer"; }
            return node;
          }));
          drawEmpty();
          drawRaw();
          drawIcon();
        }

        function drawEmpty() {
          const hasLines = [...logs.values()].some(log => log.texts.length > 0);
          byId("empty").hidden = hasLines;
          byId("empty").textContent = view.empty;
          byId("bar").hidden = !hasLines;
        }

        function drawRaw() {
          const appling = shown && shown.name !== "" ? "appling=" + encodeURIComponent(shown.name) : "";
          byId("raw").href = base + "/raw" + (appling ? "?" + appling : "");
          byId("raw-colours").href = base + "/raw?" + (appling ? appling + "&" : "") + "colours";
        }

        /* The bar says what the header said, once that is out of sight. */
        byId("short-title").append(...[...document.querySelector("h1").childNodes].map(node => node.cloneNode(true)));
        new IntersectionObserver(entries => { byId("short").hidden = entries[0].isIntersecting; })
          .observe(document.querySelector("h1"));
        new ResizeObserver(() => {
          document.documentElement.style.setProperty("--bar", byId("bar").offsetHeight + "px");
        }).observe(byId("bar"));

        function drawIcon() {
          const sign = { waiting: "○", running: "●", good: "✓", bad: "✗", quiet: "–" }[view.state];
          document.title = sign + " " + document.body.dataset.title;
        }

        function drawTabs() {
          const tabs = byId("tabs");
          const names = [...logs.keys()];
          tabs.hidden = names.length < 2;
          const look = JSON.stringify(names.map(name => [name, logs.get(name).state, shown === logs.get(name)]));
          if (tabs.dataset.look === look) return;
          tabs.dataset.look = look;
          const hadFocus = tabs.contains(document.activeElement);
          tabs.replaceChildren(...names.map(name => {
            const log = logs.get(name);
            const tab = make("button", "tab", log.title);
            tab.type = "button";
            tab.dataset.state = log.state;
            tab.setAttribute("role", "tab");
            tab.setAttribute("aria-controls", log.node.id);
            tab.setAttribute("aria-selected", shown === log);
            tab.tabIndex = shown === log ? 0 : -1;
            tab.addEventListener("click", () => { following = !isFinished() && following; show(log); draw(); });
            return tab;
          }));
          if (hadFocus) tabs.querySelector("[aria-selected=true]").focus();
        }

        /* Every second: what counts on by itself. */
        function tick() {
          const end = view.finishedAt || now();
          byId("elapsed").textContent = duration(end - (view.startedAt || view.createdAt));
          if (shown && !isFinished()) for (const step of shown.steps) if (step.state === "running") drawHead(step);
        }

        """#
}
