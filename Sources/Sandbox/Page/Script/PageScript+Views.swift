extension PageScript {
    /// Modals and the Home tab (docs.slack.dev, "Modals", "App Home").
    static let views = #"""
        const modal = the("modal");
        const modals = new Map();   // member → the view on top of their modals
        const homes = new Map();    // member → their Home tab's view
        let shownView = null;       // { view, surface }

        function takeModal(event) {
          if (event.view) modals.set(event.user, event.view); else modals.delete(event.user);
          if (event.user === here.me) showModal();
        }

        function takeHome(event) {
          homes.set(event.user, event.view);
          if (event.user === here.me && here.tab === "home") showHome();
        }

        function showModal() {
          const top = modals.get(here.me);
          if (!top) {
            shownView = null;
            if (modal.open) leaveModal();
            return;
          }
          if (shownView && JSON.stringify(shownView.view) === JSON.stringify(top)) return;
          const focused = document.activeElement?.dataset.action;
          const held = shownView?.view.id === top.id ? stateOf(shownView.surface).values : undefined;
          const surface = surfaceFor("view " + top.id, { view_id: top.id }, tellInView, held);
          shownView = { view: top, surface };
          the("modal-title").replaceChildren(...textNodes(top.title));
          the("modal-body").replaceChildren(...top.blocks.map(block => blockNode(block, surface)));
          the("modal-problem").hidden = true;
          the("modal-cancel").replaceChildren(...(top.close ? textNodes(top.close) : ["Cancel"]));
          the("modal-submit").replaceChildren(...(top.submit ? textNodes(top.submit) : ["Submit"]));
          the("modal-submit").hidden = !top.submit;
          setBusy(the("modal-submit"), false);
          if (!modal.open) modal.showModal();
          focusInModal(held && focused);
        }

        function leaveModal() {
          modal.close();
          // The focus comes back to where it was, the caret does not; and what was pressed may be gone.
          const back = document.activeElement === document.body ? the("line") : document.activeElement;
          back.blur();
          back.focus({ preventScroll: true });
        }

        function focusInModal(action) {
          const fields = [...the("modal-body").querySelectorAll("input, select, textarea, button, a")];
          const same = action && fields.find(node => node.dataset.action === action);
          const first = fields.find(node => node.matches("input, select, textarea"));
          (same || first || (the("modal-submit").hidden ? the("modal-cancel") : the("modal-submit"))).focus();
        }

        function tellInView(answer) {
          the("modal-problem").replaceChildren(...formatted(answer.text));
          the("modal-problem").hidden = false;
        }

        const fieldOf = block => [...the("modal-body").children].find(node => node.dataset.block === block);

        /** - Returns: whether a field could be found for each of them. */
        function showProblems(problems) {
          for (const node of the("modal-body").querySelectorAll(".input")) {
            setProblem(node, problems[node.dataset.block]);
          }
          const first = the("modal-body").querySelector(".input.bad [aria-invalid]");
          (first?.querySelector("input") || first)?.focus();
          return Object.keys(problems).every(block => fieldOf(block)?.matches(".input"));
        }

        function setProblem(node, words) {
          const problem = node.querySelector(".problem");
          const field = node.querySelector(".field, .options");
          problem.textContent = words || "";
          problem.hidden = !words;
          node.classList.toggle("bad", Boolean(words));
          if (words) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
        }

        /** What Slack asks for before it sends a modal off. */
        function missing(surface) {
          const problems = {};
          for (const { block, value } of surface.fields.values()) {
            if (fieldOf(block)?.dataset.required !== "true") continue;
            const { type, ...held } = value();
            const isEmpty = Object.values(held).every(one => one === null || one === "" || one.length === 0);
            if (isEmpty) problems[block] = "Please complete this required field.";
          }
          return problems;
        }

        async function submitView() {
          if (the("modal-submit").matches("[aria-busy]")) return;
          const { view, surface } = shownView;
          const problems = missing(surface);
          showProblems(problems);
          if (Object.keys(problems).length) return;
          setBusy(the("modal-submit"), true);
          const answer = await send("/demo/views", { view_id: view.id, type: "submit", state: stateOf(surface) });
          if (shownView?.view.id === view.id) setBusy(the("modal-submit"), false);
          if (answer.errors && showProblems(answer.errors)) return;
          if (answer.errors) return tellInView({ text: Object.values(answer.errors).join("\n") });
          if (answer.text) tellInView(answer);
        }

        /** - Parameter all: whether the modals below are closed with it. */
        async function closeView(all) {
          if (!shownView) return;
          const answer = await send("/demo/views", { view_id: shownView.view.id, type: "close", is_cleared: all });
          if (answer.failed) takeModal({ user: here.me, view: null });
        }

        the("modal-form").addEventListener("submit", event => {
          event.preventDefault();
          if (shownView?.view.submit) submitView();
        });
        the("modal-cancel").addEventListener("click", () => closeView(false));
        the("modal-close").addEventListener("click", () => closeView(true));
        modal.addEventListener("cancel", event => {
          event.preventDefault();
          if (!hideMenu()) closeView(false);
        });

        async function openHome() {
          showHome();
          const answer = await send("/demo/home", { tab: "home" });
          if (answer.view) takeHome({ user: here.me, view: answer.view });
          else if (answer.text) the("home").replaceChildren(element("p", "quiet", ...formatted(answer.text)));
        }

        function showHome() {
          const view = homes.get(here.me);
          if (!view) {
            the("home").replaceChildren(element("p", "quiet", "The app has not put anything here yet."));
            return;
          }
          const surface = surfaceFor("home " + view.id, { view_id: view.id }, answer => {
            the("home").prepend(element("p", "trouble", ...formatted(answer.text)));
          });
          const focused = the("home").contains(document.activeElement) && document.activeElement.dataset;
          the("home").replaceChildren(...view.blocks.map(block => blockNode(block, surface)));
          if (focused) focusAgain(the("home"), focused);
        }

        """#
}
