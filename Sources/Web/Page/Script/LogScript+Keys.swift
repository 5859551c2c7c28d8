extension LogScript {
    /// Everything can be done without a mouse.
    static let keys = #"""
        addEventListener("keydown", event => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (event.target === byId("search")) return searchKey(event);
          if (event.target.getAttribute("role") === "tab") tabKey(event);
          const act = {
            "/": () => { byId("search").focus(); byId("search").select(); },
            n: () => move(1), N: () => move(-1), G: jump, e: () => foldAll(), Escape: () => clearSearch(),
          }[event.key];
          if (!act || byId("bar").hidden) return;
          event.preventDefault();
          act();
        });

        function searchKey(event) {
          if (event.key === "Escape") { clearSearch(); byId("search").blur(); }
          if (event.key !== "Enter") return;
          event.preventDefault();
          const text = byId("search").value;
          if (text !== lastText) return setQuery(text);
          move(event.shiftKey ? -1 : 1);
        }

        function clearSearch() {
          byId("search").value = "";
          setQuery("");
        }

        function tabKey(event) {
          const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (!by) return;
          event.preventDefault();
          const all = [...logs.values()];
          show(all[(all.indexOf(shown) + by + all.length) % all.length]);
          draw();
          byId("tabs").querySelector("[aria-selected=true]").focus();
        }

        /* Unfolds all steps, or folds them when all are open. */
        function foldAll() {
          if (!shown) return;
          const steps = shown.steps.filter(step => step.head && step.rows.length > 0);
          const isOpen = !steps.every(step => step.isOpen);
          for (const step of steps) {
            step.isDecided = true;
            setOpen(step, isOpen);
          }
        }
        byId("fold").addEventListener("click", foldAll);

        """#
}
