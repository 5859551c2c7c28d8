extension LogScript {
    /// The steps of a log, each with a head that folds it.
    static let steps = #"""
        function drawSteps(log) {
          if (!log.node) return;
          for (const step of log.steps) {
            if (!step.node) addStep(log, step);
            drawHead(step);
            if (step.isOpen && step.body) placeRows(step);
          }
        }

        function addStep(log, step) {
          step.node = make("div", "step");
          if (step.number !== null) {
            step.head = make("button", "head");
            step.head.type = "button";
            step.head.append(make("span", "icon"), make("span", "name"), make("span", "cached"), make("span", "spent"));
            step.head.addEventListener("click", () => {
              step.isDecided = true;
              setOpen(step, !step.isOpen);
            });
            step.node.append(step.head);
          } else step.node.classList.add("loose");
          log.node.append(step.node);
          setOpen(step, step.isDecided ? step.isOpen : opensByItself(step));
        }

        const opensByItself = step => step.number === null || step.state === "failed"
          || step.state === "running" && !isFinished();

        function setOpen(step, isOpen) {
          step.isOpen = isOpen;
          if (isOpen && !step.body) {
            step.body = make("div", "body");
            step.node.append(step.body);
          }
          if (step.body) step.body.hidden = !isOpen;
          if (isOpen) placeRows(step);
          drawHead(step);
        }

        /* A step that ends well folds, unless somebody reads in it. */
        function settleSteps(log) {
          for (const step of log.steps) {
            if (!step.hasEnded || step.isDecided || !step.node) continue;
            step.hasEnded = false;
            if (step.state === "failed") setOpen(step, true);
            else if (step.isOpen && (following || log !== shown || isBelowSight(step))) setOpen(step, false);
          }
        }

        const isBelowSight = step => step.node.getBoundingClientRect().top > innerHeight;

        const stateWords = {
          running: "running", done: "done", cached: "cached", failed: "failed", cancelled: "cancelled", stopped: "not finished",
        };

        function drawHead(step) {
          if (!step.head) return;
          const state = step.state === "running" && isFinished() ? "stopped" : step.state;
          const [icon, name, cached, spent] = step.head.children;
          const seconds = secondsOf(step, state);
          const look = [state, step.isOpen, seconds, step.rows.length > 0, searchRound, isHeadLinked(step)].join();
          if (step.look === look) return;
          step.look = look;
          step.node.dataset.state = state;
          step.head.setAttribute("aria-expanded", step.isOpen);
          step.head.disabled = step.rows.length === 0;
          step.head.classList.toggle("linked", isHeadLinked(step));
          step.head.title = stateWords[state];
          icon.setAttribute("role", "img");
          icon.setAttribute("aria-label", stateWords[state]);
          name.replaceChildren();
          fillText(name, step.name, step.name);
          cached.textContent = state === "cached" ? "cached" : "";
          spent.textContent = seconds;
        }

        function secondsOf(step, state) {
          if (state === "running") return duration(step.lastSeconds + now() - step.lastAt);
          return step.seconds ? stepDuration(step.seconds) : "";
        }

        function addLog(name) {
          const log = new Log(name);
          logs.set(name, log);
          log.node = make("section", "log");
          log.node.id = "log-" + encodeURIComponent(name);
          log.node.setAttribute("aria-label", "Log of " + log.title);
          log.node.hidden = true;
          byId("logs").append(log.node);
          if (!shown) show(log);
          return log;
        }

        function logNamed(name) { return logs.get(name) || addLog(name); }

        function show(log) {
          if (shown === log) return;
          if (shown) shown.node.hidden = true;
          shown = log;
          log.node.hidden = false;
          drawSteps(log);
          drawTabs();
          drawHeader();
        }

        /* The fewer changes the better: all that came within a frame is drawn at once. */
        let drawing = 0;
        function draw() {
          if (drawing) return;
          drawing = requestAnimationFrame(drawNow);
          /* Of a page in the background, no frame is asked for. */
          if (document.hidden) setTimeout(drawNow, 1000);
        }
        function drawNow() {
          cancelAnimationFrame(drawing);
          drawing = 0;
          if (shown) {
            drawSteps(shown);
            settleSteps(shown);
          }
          drawTabs();
          drawHeader();
          goToLink();
          countMatches();
          keepFollowing();
        }

        """#
}
