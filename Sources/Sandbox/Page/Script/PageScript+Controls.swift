extension PageScript {
    /// What can be pressed in a message, a modal or a Home tab (docs.slack.dev, "Block elements").
    static let controls = #"""
        const pressing = new Set();   // what was pressed and not answered yet, also over an edit of the message

        /** An element outside of an input block: a change of it is told to the app at once. */
        function controlNode(part, block, surface) {
          if (part.type === "button" || part.type === "workflow_button") return buttonNode(part, block, surface);
          if (part.type === "overflow") return overflowNode(part, block, surface);
          const field = fieldNode(part, block, surface);
          if (!field) return unsupported("controls", part.type);
          field.node.addEventListener("change", () => {
            press(part, block, surface, field.node, { type: part.type, ...field.value() });
          });
          return field.node;
        }

        function buttonNode(part, block, surface) {
          const classes = "control " + (part.style || "plain");
          const node = part.url ? element("a", classes + " outside") : button(classes);
          node.append(...textNodes(part.text));
          if (part.accessibility_label) node.setAttribute("aria-label", part.accessibility_label);
          if (part.url) {
            node.href = /^https?:\/\//i.test(part.url) ? part.url : "#";
            node.target = "_blank";
            node.rel = "noopener noreferrer";
          }
          const key = markPress(node, part, surface);
          node.addEventListener("click", async event => {
            if (pressing.has(key)) { event.preventDefault(); return; }
            const payload = { type: "button", ...(part.value === undefined ? {} : { value: part.value }) };
            if (!part.url) return press(part, block, surface, node, payload);
            // The link opens whatever becomes of the press.
            send("/demo/actions", { ...surface.where, ...actionOf(part, block), ...payload });
          });
          return node;
        }

        const actionOf = (part, block) => ({ action_id: part.action_id, block_id: block.block_id });

        function markPress(node, part, surface) {
          // An edit gives blocks other ids, so these tell nothing.
          const key = [surface.name, part.action_id, part.value ?? part.options?.[0].value].join(" ");
          node.dataset.press = key;
          if (part.action_id) node.dataset.action = part.action_id;
          setBusy(node, pressing.has(key));
          return key;
        }

        /** A button keeps the focus while it rests, which one that is disabled would lose. */
        function setBusy(node, isBusy) {
          for (const name of ["aria-busy", "aria-disabled"]) {
            if (isBusy) node.setAttribute(name, "true"); else node.removeAttribute(name);
          }
          if (node.matches("select, input, textarea")) node.disabled = isBusy;
        }

        /** Asks first if the control says so, then tells the app. The control rests until the app has answered. */
        async function press(part, block, surface, node, payload) {
          const key = node.dataset.press || markPress(node, part, surface);
          if (pressing.has(key)) return;
          if (part.confirm && !(await confirmed(part.confirm))) return;
          pressing.add(key);
          setBusy(node, true);
          const answer = await send("/demo/actions", {
            ...surface.where, ...actionOf(part, block), ...payload, state: stateOf(surface),
          });
          pressing.delete(key);
          for (const other of document.querySelectorAll("[data-press]")) {
            if (other.dataset.press === key) setBusy(other, false);
          }
          if (answer.text) surface.tell(answer);
        }

        /** What all fields of a surface hold, as `state.values` of Slack's payloads. */
        function stateOf(surface) {
          const values = {};
          for (const { block, action, value } of surface.fields.values()) {
            (values[block] ??= {})[action] = value();
          }
          return { values };
        }

        """#

    /// Menus behind a button, and the question before something serious.
    static let menus = #"""
        let openMenu = null;

        function overflowNode(part, block, surface) {
          const opener = button("control plain overflow", "⋯");
          opener.setAttribute("aria-label", "More actions");
          opener.setAttribute("aria-haspopup", "menu");
          opener.setAttribute("aria-expanded", "false");
          markPress(opener, part, surface);
          const menu = element("div", "menu");
          menu.setAttribute("role", "menu");
          menu.hidden = true;
          for (const option of part.options) menu.append(menuItem(option, part, block, surface, opener));
          opener.addEventListener("click", () => menu.hidden ? showMenu(opener, menu) : hideMenu());
          menu.addEventListener("keydown", moveInMenu);
          return element("span", "menu-place", opener, menu);
        }

        function menuItem(option, part, block, surface, opener) {
          const item = option.url ? element("a", "") : button("");
          item.append(element("span", "", ...textNodes(option.text)));
          if (option.description) item.append(element("small", "", ...textNodes(option.description)));
          item.setAttribute("role", "menuitem");
          if (option.url) {
            item.href = /^https?:\/\//i.test(option.url) ? option.url : "#";
            item.target = "_blank";
            item.rel = "noopener noreferrer";
          }
          item.addEventListener("click", () => {
            hideMenu();
            press(part, block, surface, opener, { type: "overflow", selected_option: option });
          });
          return item;
        }

        function showMenu(opener, menu) {
          hideMenu();
          openMenu = { opener, menu };
          menu.hidden = false;
          opener.setAttribute("aria-expanded", "true");
          const edge = menu.getBoundingClientRect();
          menu.classList.toggle("leftwards", edge.right > innerWidth - 8);
          menu.classList.toggle("upwards", edge.bottom > innerHeight - 8 && edge.top > edge.height + 60);
          menu.firstElementChild?.focus();
        }

        function hideMenu() {
          if (!openMenu) return false;
          const { opener, menu } = openMenu;
          openMenu = null;
          const hadFocus = menu.contains(document.activeElement);
          menu.hidden = true;
          opener.setAttribute("aria-expanded", "false");
          if (hadFocus) opener.focus();
          return true;
        }

        function moveInMenu(event) {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (!step) { if (event.key === "Tab") hideMenu(); return; }
          event.preventDefault();
          const items = [...event.currentTarget.children];
          const next = items.indexOf(document.activeElement) + step;
          items[(next + items.length) % items.length].focus();
        }

        document.addEventListener("click", event => {
          if (openMenu && !openMenu.menu.parentNode.contains(event.target)) hideMenu();
        });

        /** - Returns: a promise of whether the person went on. */
        function confirmed(question) {
          const dialog = the("confirm");
          const no = button("control plain", ...textNodes(question.deny));
          const yes = button("control " + (question.style === "danger" ? "danger" : "primary"),
            ...textNodes(question.confirm));
          const title = element("h2", "", ...textNodes(question.title));
          title.id = "confirm-title";
          dialog.replaceChildren(
            title, element("div", "text", ...textNodes(question.text)), element("footer", "", no, yes));
          return new Promise(resolve => {
            no.addEventListener("click", () => dialog.close("no"));
            yes.addEventListener("click", () => dialog.close("yes"));
            dialog.onclose = () => resolve(dialog.returnValue === "yes");
            dialog.returnValue = "no";
            dialog.showModal();
            yes.focus();
          });
        }

        """#
}
